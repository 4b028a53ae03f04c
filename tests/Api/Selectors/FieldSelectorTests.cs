using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Selectors;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Tests.Selectors;

public sealed class FieldSelectorTests
{
    private static readonly ResourceType Services = ResourceCatalog.BuiltinsOnly.Find("", "v1", "services")!;

    private static readonly StoredObject Web = StoredObject.Freeze(KnownResources.Services,
        (JsonObject)JsonNode.Parse("""{"metadata":{"name":"web","namespace":"prod"},"spec":{"type":"LoadBalancer","clusterIP":"10.0.0.1"}}""")!, 1);

    [Theory]
    [InlineData("metadata.name=web", true)]
    [InlineData("metadata.name=other", false)]
    [InlineData("metadata.namespace=prod,metadata.name=web", true)]
    [InlineData("spec.type=LoadBalancer", true)]
    [InlineData("spec.type==ClusterIP", false)]
    [InlineData("spec.type!=ClusterIP", true)]
    [InlineData("spec.clusterIP=10.0.0.1", true)]
    public void Terms_compare_the_fields_of_the_kind(string selector, bool matches) =>
        Assert.Equal(matches, FieldSelector.Parse(selector, Services).Matches(Web));

    [Theory]
    [InlineData("spec.ports=80")]
    [InlineData("status.phase=Active")]
    [InlineData("metadata.name")]
    public void A_field_that_the_kind_does_not_offer_is_a_bad_request(string selector) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => FieldSelector.Parse(selector, Services)).Error.Code);
}
