using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>Does something while this silo is one of the oldest: however many silos there are, the API has the same number of watches.</summary>
internal sealed class SharedDuty(IClusterMembershipService membership, ILocalSiloDetails local)
{
    /// <summary>Runs <paramref name="duty"/>, which ends when cancelled, whenever it falls to this silo; returns when stopped.</summary>
    public async Task Run(Func<CancellationToken, Task> duty, CancellationToken stopping)
    {
        Turn? turn = null;
        try
        {
            await foreach (var members in membership.MembershipUpdates.WithCancellation(stopping))
            {
                var isMine = OldestSilos.Has(members, local.SiloAddress);
                if (isMine && turn is null) turn = new(duty, stopping);
                if (isMine || turn is null) continue;
                await turn.End();
                turn = null;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end of the duty follows.
        }
        if (turn is not null) await turn.End();
    }

    private sealed class Turn
    {
        private readonly CancellationTokenSource _over;
        private readonly Task _running;

        public Turn(Func<CancellationToken, Task> duty, CancellationToken stopping)
        {
            _over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _running = duty(_over.Token);
        }

        public async Task End()
        {
            await _over.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _over.Dispose();
        }
    }
}
