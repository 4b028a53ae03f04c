using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Tests.Manifests;

public sealed class ManifestReaderTests
{
    private const string Pool = "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata:\n  name: a\n";

    [Fact]
    public void Documents_keep_the_line_they_begin_on()
    {
        var set = Read($"# head\n---\n{Pool}---\n\n# between\n{Pool.Replace("name: a", "name: b", StringComparison.Ordinal)}---\n");
        Assert.Empty(set.Faults);
        Assert.Equal([("a", 3), ("b", 10)], set.Manifests.Select(manifest => (manifest.Name, manifest.Line)));
    }

    [Theory]
    [InlineData("a: [1, 2\nb: 3\n", 7)]
    [InlineData("a: 1\n\tb: 2\n", 7)]
    [InlineData("a: 1\na: 2\n", 7, "'a' is given twice")]
    [InlineData("a: *nobody\n", 6, "*nobody")]
    [InlineData("- just\n- a list\n", 6, "not a list")]
    [InlineData("kind: IPAddressPool\nmetadata: {name: x}\n", 6, "apiVersion is missing")]
    [InlineData("apiVersion: metallb.io/v1beta1\n", 6, "kind is missing")]
    [InlineData("apiVersion: metallb.io/v1beta1\nkind: IPAdressPool\n", 6, "did you mean IPAddressPool?")]
    [InlineData("apiVersion: metallb.io/v1\nkind: IPAddressPool\n", 6, "metallb.io/v1beta1")]
    public void A_broken_document_is_named_by_line_and_its_neighbours_load(string broken, int line, string says = "YAML")
    {
        var set = Read($"{Pool}---\n{broken}---\n{Pool}");
        var fault = Assert.Single(set.Faults);
        Assert.InRange(fault.Line, line - 1, line + 1);
        Assert.StartsWith($"file.yaml:{fault.Line}: ", fault.ToString(), StringComparison.Ordinal);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, set.Manifests.Count);
    }

    [Theory]
    [InlineData("yes", "true")]
    [InlineData("off", "false")]
    [InlineData("y", "true")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("~", "null")]
    [InlineData("0644", "420")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("089", "89")]
    [InlineData("1_000", "1000")]
    [InlineData("-12", "-12")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("65535:65282", "\"65535:65282\"")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("192.0.2.1", "\"192.0.2.1\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("|\n  text\n  more", "\"text\\nmore\\n\"")]
    [InlineData("123456789012345678901234567890", "1.2345678901234568E+29")]
    public void Plain_scalars_become_what_kubernetes_makes_of_them(string yaml, string json) =>
        Assert.Equal($"{{\"v\":{json}}}", Json($"v: {yaml}\n"));

    [Fact]
    public void Anchors_and_merge_keys_are_written_out() =>
        Assert.Equal("""{"base":{"a":1,"b":2},"use":{"b":3,"a":1},"again":{"a":1,"b":2}}""", Json("base: &x {a: 1, b: 2}\nuse:\n  <<: *x\n  b: 3\nagain: *x\n"));

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        var bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + string.Concat("bcdefghij".Select((name, i) => $"{name}: &{name} [{string.Join(",", Enumerable.Repeat($"*{"abcdefghij"[i]}", 10))}]\n"));
        Assert.Contains("aliases", Assert.IsType<DocumentResult.Malformed>(Assert.Single(YamlNodes.ReadFile(bomb))).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.IsType<DocumentResult.Malformed>(Assert.Single(YamlNodes.ReadFile(string.Concat(Enumerable.Repeat("[", 100_000)))));

    [Fact]
    public void Lists_of_objects_are_unpacked()
    {
        var set =
            Read("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: one}\n- apiVersion: v1\n  kind: "
                + "Node\n  metadata: {name: two}\n");
        Assert.Equal([("one", 4), ("two", 7)], set.Manifests.Select(manifest => (manifest.Name, manifest.Line)));
    }

    [Fact]
    public void Json_is_read_with_lines_and_its_duplicates_are_found()
    {
        var reader = new ManifestReader(ManifestKinds.All);
        var good = reader.ReadText("\n{\"apiVersion\":\"v1\",\n\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"}}", "a.json");
        Assert.Equal(("s", 2), (Assert.Single(good.Manifests).Name, good.Manifests[0].Line));
        Assert.Equal(3, Assert.Single(reader.ReadText("{\"a\":1,\n\"b\":2,\n\"a\":3}", "a.json").Faults).Line);
        Assert.Equal(2, Assert.Single(reader.ReadText("{\"a\":1,\n\"b\" 2}", "a.json").Faults).Line);
    }

    [Fact]
    public void Directories_are_read_in_order_and_what_is_missing_is_named()
    {
        var directory = Directory.CreateTempSubdirectory("manifests");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "2.yml"), Pool.Replace("name: a", "name: second", StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(directory.FullName, "1.yaml"), Pool.Replace("name: a", "name: first", StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(directory.FullName, "notes.txt"), "not a manifest");
            var set = new ManifestReader(ManifestKinds.All).Read([directory.FullName, Path.Combine(directory.FullName, "absent.yaml")]);
            Assert.Equal(["first", "second"], set.Manifests.Select(manifest => manifest.Name));
            Assert.EndsWith("absent.yaml", Assert.Single(set.Faults).File, StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void No_text_throws() => Prop.ForAll<string>(text =>
    {
        var reader = new ManifestReader(ManifestKinds.All);
        return reader.ReadText(text ?? "", "any.yaml") is not null && reader.ReadText(text ?? "", "any.json") is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_that_looks_like_yaml_throws()
    {
        var scraps = Gen.Elements("a", ":", " ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "&x ", "*x", "<<: ", "'", "\"", "|", ">", "---\n", "#", "!!int ",
            "0x", "?", "%", "\t", "@", "~", "\\", "\u0085", "\uFEFF", "1e999", "-");
        Prop.ForAll(scraps.ListOf().ToArbitrary(), pieces => YamlNodes.ReadFile(string.Concat(pieces)).ToList() is not null)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static ManifestSet Read(string text) => new ManifestReader(ManifestKinds.All).ReadText(text, "file.yaml");

    private static string Json(string yaml) =>
        System.Text.Encoding.UTF8.GetString(Assert.IsType<DocumentResult.Loaded>(Assert.Single(YamlNodes.ReadFile(yaml))).Root.ToJson());
}
