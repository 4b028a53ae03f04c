using System.Text.Json;
using OrleansLb.Silo.Verbs;

namespace OrleansLb.Silo.Tests.Verbs;

public sealed class CheckVerbTests : IDisposable
{
    private const string Good = """
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata:
          name: office
        spec:
          addresses:
          - 192.0.2.1-192.0.2.9
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: L2Advertisement
        metadata:
          name: office
        spec:
          addressPools: [office]
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleanslb-check-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task A_right_configuration_ends_with_0()
    {
        Assert.Equal(ExitCode.Ok, await Check(Good));
        Assert.Equal("2 objects checked: 0 errors, 0 warnings", _output.ToString().Trim());
    }

    [Fact]
    public async Task An_object_whose_name_is_not_where_it_belongs_is_not_passed_over()
    {
        Assert.Equal(ExitCode.Failed,
            await Check("apiVersion: v1\nkind: ConfigMap\nmetadata:\nnamespace: metallb-system\nname: config\ndata:\nconfig: |\n  address-pools: []\n"));
        Assert.Contains("metadata.name: is missing", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1-192.0.2.9", "192.0.2.9-192.0.2.1", ":1: error: AddressPool office: spec.addresses[0]:", "ends before it starts")]
    [InlineData("addressPools: [office]", "addressPools: [offise]", ":9: warning: L2Advertisement office:", "Did you mean 'office'?")]
    [InlineData("kind: AddressPool", "kind: AddressPol", ":1: error: unknown kind AddressPol", "did you mean AddressPool?")]
    [InlineData("  name: office\nspec:\n  addresses:", "  name: office\nspec:\n addresses:\n   -", ":8: error:", "not YAML")]
    [InlineData("- 192.0.2.1-192.0.2.9", "- 192.0.2.1-192.0.2.9\n  nonsense: 1", ":1: error: AddressPool office: spec.nonsense:", "no field that is known")]
    public async Task What_is_wrong_is_told_with_file_line_object_and_field(string right, string wrong, string place, string said)
    {
        await Check(Good.ReplaceLineEndings("\n").Replace(right, wrong, StringComparison.Ordinal));

        var line = Assert.Single(_output.ToString().Split('\n'), line => line.Contains("pools.yaml" + place, StringComparison.Ordinal));
        Assert.Contains(said, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pools_that_overlap_across_dialects_are_an_error_of_one_that_names_the_other()
    {
        var code = await Check(Good + """

            ---
            apiVersion: network.kubesphere.io/v1alpha2
            kind: Eip
            metadata:
              name: eip
            spec:
              address: 192.0.2.9-192.0.2.20
              protocol: layer2
              interface: eth0
            """);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("192.0.2.1-192.0.2.9 overlaps with 192.0.2.9-192.0.2.20 of pool 'eip'", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_is_checked_too()
    {
        var code = await Check("""
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                orleanslb.io/addresses: not-an-address
            spec:
              type: LoadBalancer
              ports:
              - port: 80
            """);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(":1: error: Service web: metadata.annotations[orleanslb.io/addresses]:", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_tells_the_same_for_scripts()
    {
        var code = await Check(Good.Replace("192.0.2.1-192.0.2.9", "nonsense", StringComparison.Ordinal), "--json");

        using var result = JsonDocument.Parse(_output.ToString());
        var problem = result.RootElement.GetProperty("problems").EnumerateArray().First(problem => problem.GetProperty("severity").GetString() == "error");
        Assert.Equal(ExitCode.Failed, code);
        Assert.False(result.RootElement.GetProperty("ok").GetBoolean());
        Assert.EndsWith("pools.yaml:1", problem.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.Equal(("AddressPool office", "spec.addresses[0]"), (problem.GetProperty("object").GetString(), problem.GetProperty("field").GetString()));
    }

    private Task<int> Check(string yaml, params string[] options)
    {
        File.WriteAllText(Path.Combine(_folder, "pools.yaml"), yaml);
        return CommandLine.Run(["check", _folder, .. options], _output, _errors, TestContext.Current.CancellationToken);
    }
}
