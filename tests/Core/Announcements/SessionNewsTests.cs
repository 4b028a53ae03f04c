using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Tests.Announcements;

public class SessionNewsTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(3);
    private static readonly PeerStatus Idle = new("tor", null, PeerState.Idle, Now, null, null, null, null, [], 0, null, null, null, default, default, 0, 0);
    private static readonly PeerStatus Up = Idle with { State = PeerState.Established, RemoteAsn = 64501 };
    private static readonly PeerStatus Lost = Idle with { State = PeerState.Active, Flaps = 1, LastError = "it broke", Advice = "Mend it." };

    public static IEnumerable<TheoryDataRow<PeerStatus?, PeerStatus, string?>> Looks =>
    [
        new(null, Idle, null) { TestDisplayName = "not tried yet" },
        new(Idle, Idle with { State = PeerState.Connect }, null) { TestDisplayName = "a state on the way" },
        new(Idle, Up, "up: the session is established.") { TestDisplayName = "came up" },
        new(null, Up, "up: the session is established.") { TestDisplayName = "came up just before the first look" },
        new(null, Up with { Since = Now - Young }, null) { TestDisplayName = "was up long before the first look" },
        new(Up, Up with { Advertised = 3 }, null) { TestDisplayName = "goes on" },
        new(Up, Lost, "down: the session is lost: it broke. Mend it.") { TestDisplayName = "lost" },
        new(Up, Up with { Flaps = 1, LastError = "it broke" },
            "down: the session is lost and back: it broke.") { TestDisplayName = "lost and back between two looks" },
        new(Idle, Lost with { Flaps = 0 }, "down: there is no session: it broke. Mend it.") { TestDisplayName = "cannot come up" },
        new(Lost, Lost with { State = PeerState.Connect }, null) { TestDisplayName = "still down for the same reason" },
        new(Lost, Lost with { LastError = "refused" }, "down: there is no session: refused. Mend it.") { TestDisplayName = "down for another reason" },
    ];

    [Theory, MemberData(nameof(Looks))]
    public void News_is_what_changed_for_an_operator(PeerStatus? before, PeerStatus now, string? expected)
    {
        var news = SessionNews.Between(before, now, Now, Young);
        Assert.Equal(expected, news is null ? null : $"{(news.IsUp ? "up" : "down")}: {news.Message}");
    }

    public static IEnumerable<TheoryDataRow<PeerStatus, bool, bool>> Changes =>
    [
        new(Up, false, false) { TestDisplayName = "nothing" },
        new(Up with { Sent = new(1, 2, 3, 4, 5), Received = 9 }, false, false) { TestDisplayName = "counters" },
        new(Up with { Advertised = 4 }, false, true) { TestDisplayName = "routes" },
        new(Up with { HeldBack = [new("NoNextHop", 1)] }, false, true) { TestDisplayName = "routes held back" },
        new(Up with { Flaps = 1 }, true, true) { TestDisplayName = "a flap" },
        new(Up with { NotificationReceived = "6/2" }, true, true) { TestDisplayName = "a notification" },
        new(Up with { HoldTime = TimeSpan.FromSeconds(9) }, true, true) { TestDisplayName = "timers" },
    ];

    [Theory, MemberData(nameof(Changes))]
    public void Only_what_an_operator_cares_about_is_written_at_once_and_counters_never(PeerStatus changed, bool urgent, bool differs)
    {
        StatusObject.BgpSession shown = new(new("n"), "tor", SessionHealth.Established, Now, Up, ""), wanted = shown with { Status = changed };
        Assert.Equal((urgent, differs), (StatusNews.IsUrgent(shown, wanted), StatusNews.Differs(shown, wanted)));
        Assert.True(StatusNews.IsUrgent(null, wanted));
    }

    [Fact]
    public void While_there_is_no_session_its_states_are_no_news()
    {
        StatusObject.BgpSession shown = new(new("n"), "tor", SessionHealth.Down, Now, Lost, "x"),
        wanted = shown with { Status = Lost with { State = PeerState.OpenSent, Since = Now + Young } };
        Assert.False(StatusNews.Differs(shown, wanted));
        Assert.True(StatusNews.IsUrgent(shown, wanted with { State = SessionHealth.Unknown }));
    }
}
