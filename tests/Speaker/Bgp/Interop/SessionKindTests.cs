using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>Every kind of session with one router program: routes and attributes as it shows them, a refresh, a withdrawal.</summary>
public abstract class SessionKindTests(InteropLab lab) : IClassFixture<InteropLab>
{
    private static readonly RouteAttributes Attributes =
        new(250, 50, [new Community.Standard(0xFDE80064), new Community.Standard(0xFDE800C8), new Community.Large(64500, 1, 2)], null);

    /// <summary>Routes come with their attributes, are told again when asked for, and go.</summary>
    protected async Task Play(int node)
    {
        var kind = SessionKind.At(node);
        var router = await lab.Router(Start);
        await using var speaker = lab.Lab.Speak(node);
        string[] prefixes = [.. (kind.HasIpv4 ? [kind.Ipv4Route] : Array.Empty<string>()), .. kind.HasIpv6 ? [kind.Ipv6Route] : Array.Empty<string>()];

        await speaker.Whole(node, 1, [kind.Peer], prefixes.Select(prefix => Plan.Route(prefix, Attributes)));

        var session = await speaker.UntilEstablished();
        Assert.Equal((Plan.RouterAsn, BgpLab.RouterAddress), (session.RemoteAsn, session.RemoteId.ToString()));
        foreach (var prefix in prefixes) Assert.Equal(Expected(kind, prefix), Judged(kind, await router.Route(prefix)));
        if (router.AskForRefresh(kind)) await speaker.Until(status => status.Read.RouteRefresh > 0);
        await speaker.Step(node, 2, [], prefixes);
        foreach (var prefix in prefixes) await router.Gone(prefix);
        Assert.Equal(0, Assert.Single(speaker.Sessions).Flaps);
    }

    internal abstract Task<InteropRouter> Start(BgpLab lab, IReadOnlyList<SessionKind> kinds);

    private static SeenRoute Expected(SessionKind kind, string prefix) => new(
        kind.IsInternal ? "" : $"{kind.NodeAs}",
        prefix == kind.Ipv4Route ? $"192.0.2.{kind.Node}" : $"fd77::{kind.Node}",
        50, kind.IsInternal ? 250 : null, "65000:100 65000:200", "64500:1:2");

    /// <summary>Over an external session the local preference is the router's own thought.</summary>
    private static SeenRoute Judged(SessionKind kind, SeenRoute seen) => kind.IsInternal ? seen : seen with { LocalPref = null };
}

public sealed class BirdSessionKindTests(InteropLab lab) : SessionKindTests(lab)
{
    [Theory, MemberData(nameof(SessionKind.Rows), MemberType = typeof(SessionKind))]
    public Task Routes_come_are_told_again_and_go(int node) => Play(node);

    internal override Task<InteropRouter> Start(BgpLab lab, IReadOnlyList<SessionKind> kinds) => Task.FromResult<InteropRouter>(new BirdInterop(lab, kinds));
}

public sealed class FrrSessionKindTests(InteropLab lab) : SessionKindTests(lab)
{
    [Theory, MemberData(nameof(SessionKind.Rows), MemberType = typeof(SessionKind))]
    public Task Routes_come_are_told_again_and_go(int node) => Play(node);

    internal override async Task<InteropRouter> Start(BgpLab lab, IReadOnlyList<SessionKind> kinds) => await FrrInterop.Start(lab, kinds);
}

public sealed class GoBgpSessionKindTests(InteropLab lab) : SessionKindTests(lab)
{
    [Theory, MemberData(nameof(SessionKind.RowsOfPromptDiallers), MemberType = typeof(SessionKind))]
    public Task Routes_come_are_told_again_and_go(int node) => Play(node);

    internal override Task<InteropRouter> Start(BgpLab lab, IReadOnlyList<SessionKind> kinds) => Task.FromResult<InteropRouter>(new GoBgpInterop(lab, kinds));
}

public sealed class OpenBgpdSessionKindTests(InteropLab lab) : SessionKindTests(lab)
{
    [Theory, MemberData(nameof(SessionKind.Rows), MemberType = typeof(SessionKind))]
    public Task Routes_come_are_told_again_and_go(int node) => Play(node);

    internal override Task<InteropRouter> Start(BgpLab lab, IReadOnlyList<SessionKind> kinds) =>
        Task.FromResult<InteropRouter>(new OpenBgpdInterop(lab, kinds));
}
