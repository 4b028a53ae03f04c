using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Tests.Announcements;

public sealed class FollowedRoutesTests
{
    private static readonly BgpPeer Tor = new(Given.Source("BGPPeer", "tor"), default, "tor", 64500, new RemoteAs.Number(64501), null, null, []);

    private readonly FollowedRoutes _routes = new();

    /// <summary>What a plan says, a word each: <c>begin</c>, routes that come and go as <c>+1</c> and <c>-1</c>, <c>complete</c>, <c>peerless</c>.</summary>
    public static IEnumerable<TheoryDataRow<string[], string, string>> Plans =>
    [
        new(["+1 +2 complete", "+3 -1 complete"], "+3 -1", "2 3") { TestDisplayName = "steps build on each other" },
        new(["+1 +2 complete", "+1 complete"], "", "1 2") { TestDisplayName = "what is told again is no news" },
        new(["+1 +2 complete", "-3 complete"], "", "1 2") { TestDisplayName = "what was never there does not go" },
        new(["+1 +2 complete", "begin"], "", "1 2") { TestDisplayName = "a plan that says nothing of routes takes none" },
        new(["+1 +2 complete", "begin +1 +3 complete"], "+3 -2", "1 3") { TestDisplayName = "a plan that begins complete takes what it lacks" },
        new(["+1 +2 complete", "begin +3"], "+3", "1 2 3") { TestDisplayName = "a plan that begins incomplete takes nothing" },
        new(["+1 +2 complete", "begin", "+2 complete"], "-1", "2") { TestDisplayName = "a later step that is complete takes what went unsaid since the beginning" },
        new(["+1 +2 +3 complete", "begin", "+2", "+3", "complete"], "-1", "2 3") { TestDisplayName = "what was said in between stays" },
        new(["+1 +2 complete", "begin", "+2", "-2", "complete"], "-1", "") { TestDisplayName = "what was said and withdrawn in between is gone once" },
        new(["+1 complete", "begin", "-1", "complete"], "", "") { TestDisplayName = "what was withdrawn before it was confirmed does not go twice" },
        new(["+1 complete", "begin", "-1", "+1", "complete"], "", "1") { TestDisplayName = "what was withdrawn and came back stays" },
        new(["+1 complete", "begin", "begin", "+2", "complete"], "-1", "2") { TestDisplayName = "a plan that begins twice still takes what went unsaid" },
        new(["+1 complete", "begin", "+1 +2 complete", "complete"], "", "1 2") { TestDisplayName = "after that steps build on each other again" },
        new(["+1 complete", "begin", "peerless"], "-1", "") { TestDisplayName = "without peers there are no routes, complete or not" },
        new(["+1 complete", "begin", "peerless", "+2", "complete"], "", "2") { TestDisplayName = "and none of them is waited for" },
    ];

    /// <param name="last">What the last word of the plan changed.</param>
    [Theory, MemberData(nameof(Plans))]
    public void A_speaker_follows(string[] plan, string last, string left)
    {
        var changed = plan.Select(Follow).ToList();
        Assert.Equal(last, changed[^1]);
        Assert.Equal(left, string.Join(' ', _routes.All.Select(Name).Order()));
        Assert.Equal(_routes.All.Count(), _routes.Count);
    }

    [Fact]
    public void A_plan_that_begins_anew_is_not_complete_before_it_says_so()
    {
        Follow("+1 complete");
        Assert.True(_routes.Complete);
        Follow("begin");
        Assert.False(_routes.Complete);
        Follow("+1");
        Assert.False(_routes.Complete);
        Follow("complete");
        Assert.True(_routes.Complete);
    }

    [Fact]
    public void A_route_with_other_attributes_is_news()
    {
        Follow("+1 complete");
        var other = Route("1") with { Terms = [new("all", [], new(100, null, [], null))] };
        var change = _routes.Take(new(null, new([other], []), false, true));
        Assert.Equal([other], change.Announce);
        Assert.Equal([other], _routes.All);
    }

    private string Follow(string words)
    {
        var said = words.Split(' ');
        if (said.Contains("begin")) _routes.Begin();
        if (words == "begin") return "";
        var change = _routes.Take(new(
            said.Contains("peerless") ? [] : [Tor],
            new([.. Numbers('+').Select(Route)], [.. Numbers('-').Select(number => Route(number).Prefix)]),
            Leaving: false, said.Contains("complete")));
        return string.Join(' ', change.Announce.Select(route => $"+{Name(route)}").Concat(change.Withdraw.Select(prefix => $"-{Number(prefix)}")));

        IEnumerable<string> Numbers(char sign) => said.Where(word => word[0] == sign).Select(word => word[1..]);
    }

    private static PrefixRoute Route(string number) =>
        new(Prefix.Parse($"192.0.2.{number}/32"), [new RouteTerm("all", [], new(null, null, [], null))]);

    private static string Name(PrefixRoute route) => Number(route.Prefix);

    private static string Number(Prefix prefix) => prefix.Network.ToString().Split('.')[^1];
}
