using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace OrleansLb.Architecture.Tests;

/// <summary>Holds the arrows of the design: which of our assemblies may reference which.</summary>
public class ReferenceTests
{
    /// <summary>Each house, and the houses that it may call. LocalGrains stands for Orleans in the local build.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["OrleansLb.LocalGrains"] = [],
        ["OrleansLb.Protocols"] = [],
        ["OrleansLb.Core"] = ["OrleansLb.LocalGrains"],
        ["OrleansLb.Client"] = ["OrleansLb.Core", "OrleansLb.LocalGrains"],
        ["OrleansLb.Grains"] = ["OrleansLb.Client", "OrleansLb.Core", "OrleansLb.LocalGrains"],
        ["OrleansLb.Kubernetes"] = ["OrleansLb.Core"],
        ["OrleansLb.Gateway"] = ["OrleansLb.Client", "OrleansLb.Core", "OrleansLb.Kubernetes"],
        ["OrleansLb.Speaker"] = ["OrleansLb.Core", "OrleansLb.Protocols"],
        ["OrleansLb.Api"] = ["OrleansLb.Kubernetes"],
        ["orleanslb"] = ["OrleansLb.LocalGrains", "OrleansLb.Protocols", "OrleansLb.Core", "OrleansLb.Client", "OrleansLb.Grains", "OrleansLb.Kubernetes",
            "OrleansLb.Gateway", "OrleansLb.Speaker", "OrleansLb.Api"],
    };

    public static TheoryData<string> Houses => [.. Arrows.Keys];

    [Theory, MemberData(nameof(Houses))]
    public void A_house_references_only_what_the_design_allows(string house)
    {
        var file = Path.Combine(AppContext.BaseDirectory, house + ".dll");
        if (house == "OrleansLb.LocalGrains" && !File.Exists(file)) return; // the product build has Orleans in its place
        var ours = References(file).Where(IsOurs);
        Assert.Empty(ours.Except(Arrows[house]));
    }

    [Fact]
    public void Every_house_is_in_the_table()
    {
        var built = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(name => IsOurs(name) && !name.EndsWith(".Tests", StringComparison.Ordinal));
        Assert.Empty(built.Except(Arrows.Keys));
    }

    [Fact]
    public void Core_and_protocols_do_no_input_or_output()
    {
        foreach (var house in (string[])["OrleansLb.Core", "OrleansLb.Protocols", "OrleansLb.Grains"])
        {
            var references = References(Path.Combine(AppContext.BaseDirectory, house + ".dll"));
            Assert.DoesNotContain(references,
                reference => reference is "System.Net.Http" || reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
            Assert.Empty(TypesUsed(house).Intersect(["Socket", "TcpClient", "UdpClient", "HttpClient", "FileStream"]));
        }
    }

    private static bool IsOurs(string assembly) => assembly == "orleanslb" || assembly.StartsWith("OrleansLb.", StringComparison.Ordinal);

    private static List<string> References(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private static List<string> TypesUsed(string house)
    {
        using var image = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, house + ".dll")));
        var metadata = image.GetMetadataReader();
        return [.. metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name))];
    }
}
