namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>One router and one node for each kind of session, for all tests of a class.</summary>
public sealed class InteropLab : IAsyncDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private BgpLab? _lab;
    private InteropRouter? _router;
    private Capture? _capture;

    internal BgpLab Lab => _lab!;

    internal async Task<InteropRouter> Router(Func<BgpLab, IReadOnlyList<SessionKind>, Task<InteropRouter>> start)
    {
        await _once.WaitAsync();
        try
        {
            if (_router is not null) return _router;
            _lab = new(SessionKind.All.Count);
            foreach (var kind in SessionKind.All.Where(kind => kind.Peer.SourceAddress is not null))
                Assert.Equal(kind.NodeAddress, kind.Peer.SourceAddress.ToString());
            _capture = await Capture.Start(_lab);
            return _router = await start(_lab, SessionKind.All);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>In the end everything that all the nodes have sent is judged.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _capture?.ExpectNothingWrong();
        }
        finally
        {
            await TakeDown();
        }
    }

    private async Task TakeDown()
    {
        if (_lab is not null) await _lab.DisposeAsync();
        _once.Dispose();
    }
}
