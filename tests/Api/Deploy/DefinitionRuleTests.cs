using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Rules;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tests.Deploy;

/// <summary>The rules that the definitions under <c>deploy/crds</c> carry.</summary>
public class DefinitionRuleTests
{
    private static IEnumerable<(string Name, JsonObject Schema)> Schemas =>
        from file in Directory.GetFiles(Repository.Path("deploy/crds"), "*.yaml")
        from definition in YamlText.ParseAll(File.ReadAllText(file)).OfType<JsonObject>()
        from version in definition.Object("spec").Objects("versions")
        select ($"{definition.Object("metadata").Text("name")}/{version.Text("name")}", version.Object("schema").Object("openAPIV3Schema")!);

    [Fact]
    public void Every_rule_can_be_used()
    {
        Assert.NotEmpty(Schemas);
        Assert.All(Schemas, kind => Assert.Empty(SchemaRules.Compile(kind.Schema).Faults));
    }

    [Theory]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"peerAddress":"192.0.2.1"}""", null)]
    [InlineData("bgppeers", """{"myASN":64500,"peerAddress":"192.0.2.1"}""", "give either peerASN or dynamicASN")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"dynamicASN":"external","peerAddress":"192.0.2.1"}""", "give either peerASN or dynamicASN")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501}""", "give one of peerAddress, interface and listenRange")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"interface":"eth0","password":"p","passwordSecret":{"name":"s"}}""", "give either password or passwordSecret")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"interface":"eth0","gtsm":true,"multihopTTL":3}""", "gtsm and a multihop peer exclude each other (RFC 5082)")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"interface":"eth0","gtsm":true,"ebgpMultiHop":false}""", null)]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"interface":"eth0","role":"customer","strictRole":true,"enableGracefulRestart":true,"gracefulRestartTime":"60s"}""", null)]
    [InlineData("bgppeers", """{"myASN":64500,"dynamicASN":"external","listenRange":"192.0.2.0/24","listenLimit":7,"passive":true}""", null)]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"peerAddress":"192.0.2.1","listenRange":"192.0.2.0/24"}""", "give one of peerAddress, interface and listenRange")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"peerAddress":"192.0.2.1","listenLimit":7}""", "listenLimit needs listenRange")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"listenRange":"192.0.2.0/24","passive":false}""", "neighbours of listenRange connect themselves; sourceAddress, connectTime and passive false are about dialling")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"interface":"eth0","strictRole":true}""", "strictRole needs a role")]
    [InlineData("bgppeers", """{"myASN":64500,"peerASN":64501,"interface":"eth0","gracefulRestartTime":"60s"}""", "gracefulRestartTime needs enableGracefulRestart")]
    [InlineData("bgpadvertisements", """{"serviceSelectors":[{}],"aggregationLength":24,"aggregationLengthV6":128}""", "serviceSelectors and aggregation exclude each other: an aggregate covers services that the selectors leave out")]
    [InlineData("bgpadvertisements", """{"serviceSelectors":[],"aggregationLength":24,"aggregationLengthV6":128}""", null)]
    public void Rules_say_what_excludes_what(string plural, string spec, string? message)
    {
        var schema = Schemas.Single(kind => kind.Name == $"{plural}.orleanslb.io/v1alpha1").Schema;
        var violations = SchemaRules.Validate(schema, new JsonObject { ["spec"] = JsonNode.Parse(spec) }, null);
        Assert.Equal(message is null ? [] : [$"Invalid value: \"object\": {message}"], violations.Select(violation => violation.Message));
    }
}
