namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>One router and one node for each kind of session, for all tests of a class.</summary>
public sealed class InteropLab : IAsyncDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private BgpLab? _lab;
    private InteropRouter? _router;

    internal BgpLab Lab => _lab!;

    internal async Task<InteropRouter> Router(Func<BgpLab, IReadOnlyList<SessionKind>, Task<InteropRouter>> start)
    {
        await _once.WaitAsync();
        try
        {
            if (_router is not null) return _router;
            _lab = new(SessionKind.All.Count);
            foreach (var kind in SessionKind.All.Where(kind => kind.Peer.SourceAddress is not null)) Assert.Equal(kind.NodeAddress, kind.Peer.SourceAddress.ToString());
            return _router = await start(_lab, SessionKind.All);
        }
        finally
        {
            _once.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null) await _lab.DisposeAsync();
        _once.Dispose();
    }
}
