using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Selectors;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Tests.Selectors;

public sealed class LabelSelectorTests
{
    private static readonly StoredObject Web = Labelled("""{"app":"web","tier":"front","n":"5","example.com/x":""}""");

    [Theory]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData(" app = web , tier = front ", true)]
    [InlineData("app=other", false)]
    [InlineData("app!=other", true)]
    [InlineData("app!=web", false)]
    [InlineData("missing!=x", true)]
    [InlineData("app in (web, db)", true)]
    [InlineData("app in (db)", false)]
    [InlineData("app notin (db)", true)]
    [InlineData("app notin (web,db)", false)]
    [InlineData("missing notin (a)", true)]
    [InlineData("app", true)]
    [InlineData("missing", false)]
    [InlineData("!missing", true)]
    [InlineData("!app", false)]
    [InlineData("n>4", true)]
    [InlineData("n<4", false)]
    [InlineData("example.com/x=", true)]
    [InlineData("example.com/x in ()", true)]
    [InlineData("kubernetes.io/service-name,service.kubernetes.io/headless!=", false)]
    [InlineData("app=web,!missing,tier in (front,back)", true)]
    public void Requirements_must_all_hold(string selector, bool matches) => Assert.Equal(matches, LabelSelector.Parse(selector).Matches(Web));

    [Theory]
    [InlineData("app=web,")]
    [InlineData(",app")]
    [InlineData("app in web")]
    [InlineData("app in (web")]
    [InlineData("app has (web)")]
    [InlineData("=x")]
    [InlineData("app=a b")]
    [InlineData("app!web")]
    public void What_is_no_selector_is_a_bad_request(string selector) =>
        Assert.Equal(400, Assert.Throws<ApiException>(() => LabelSelector.Parse(selector)).Error.Code);

    private static StoredObject Labelled(string labels) =>
        StoredObject.Freeze(KnownResources.ConfigMaps, (JsonObject)JsonNode.Parse($$$"""{"metadata":{"name":"x","namespace":"default","labels":{{{labels}}}}}""")!, 1);
}
