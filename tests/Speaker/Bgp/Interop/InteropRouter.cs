namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>A router that has a neighbour for every kind of session, and is asked what it makes of each.</summary>
internal abstract class InteropRouter
{
    /// <summary>The route once the router has it.</summary>
    public async Task<SeenRoute> Route(string prefix)
    {
        SeenRoute? seen = null;
        await Daemon.Eventually(() => (seen = Find(prefix, out var answer)) is null ? answer : "seen", answer => answer == "seen");
        return seen!;
    }

    public Task Gone(string prefix) => Daemon.Eventually(() => Find(prefix, out var answer) is null ? "gone" : answer, answer => answer == "gone");

    /// <summary>Makes the router ask the node for its routes again (RFC 2918); false when that router never asks.</summary>
    public abstract bool AskForRefresh(SessionKind kind);

    /// <summary>The route now; null, with what the router says, when it has none.</summary>
    protected abstract SeenRoute? Find(string prefix, out string answer);
}
