using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Leases;

/// <summary>
/// Stands for a lease, leads while it is held, and stops before anybody else may begin. It is no fence: what leads must guard its effects outside
/// the cluster with the epoch it is given (the lease's transitions).
/// </summary>
public sealed class LeaderElector(ApiClient client, LeaderElectorOptions options, Random random, TimeProvider time, ILogger<LeaderElector> logger)
{
    private const double Jitter = 1.2;

    private LeaseTerm _term = LeaseTerm.Unknown;

    /// <summary>
    /// Runs <paramref name="lead"/> whenever the lease is held; its token is cancelled when the lease is lost. Ends when
    /// cancelled, and releases the lease then.
    /// </summary>
    public async Task Run(Func<int, CancellationToken, Task> lead, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lead);
        while (!cancellation.IsCancellationRequested)
        {
            if (await Try(cancellation)) await Lead(lead, cancellation);
            else await Pause(cancellation);
        }
    }

    private async Task Lead(Func<int, CancellationToken, Task> lead, CancellationToken cancellation)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        logger.Leads(options.Identity, options.Name);
        var leading = lead(_term.Record?.Spec?.LeaseTransitions ?? 0, lost.Token);
        try
        {
            await Task.WhenAny(Renew(lost.Token), leading);
        }
        finally
        {
            await lost.CancelAsync();
            await ((Task)leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            logger.LeadsNoMore(options.Identity, options.Name);
            await Release();
        }
        if (!leading.IsCanceled) await leading;
    }

    /// <summary>Ends when the deadline passes without a renewal, or when somebody else holds the lease.</summary>
    private async Task Renew(CancellationToken cancellation)
    {
        var renewed = time.GetTimestamp();
        while (time.GetElapsedTime(renewed) < options.RenewDeadline && !cancellation.IsCancellationRequested)
        {
            await Pause(cancellation);
            using var deadline =
                new CancellationTokenSource(TimeSpan.FromTicks(Math.Max(1, (options.RenewDeadline - time.GetElapsedTime(renewed)).Ticks)), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            var sent = time.GetTimestamp();
            if (await Try(either.Token)) renewed = sent;
            else if (_term.Record is not null && !_term.IsHeldBy(options.Identity)) return;
        }
    }

    /// <summary>One attempt to take or renew the lease.</summary>
    private async Task<bool> Try(CancellationToken cancellation)
    {
        try
        {
            if (!_term.IsHeldBy(options.Identity) || _term.Record is null) _term = _term.See(await Read(cancellation), time.GetTimestamp());
            if (!_term.IsHeldBy(options.Identity) && !_term.IsFree(options.LeaseDuration, time.GetElapsedTime(_term.SeenAt))) return false;
            var claim = _term.Claim(options, time.GetUtcNow());
            var written =
                _term.Record is null ? await client.Create(LeaseObject.Type, claim, cancellation) : await client.Replace(LeaseObject.Type, claim, cancellation);
            _term = _term.See(written, time.GetTimestamp());
            return true;
        }
        catch (ApiException refusal) when (refusal.IsConflict || refusal.Reason == ApiReason.NotFound)
        {
            _term = await Reread(cancellation);
            return false;
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault) || fault is OperationCanceledException)
        {
            if (!cancellation.IsCancellationRequested) logger.LeaseUnreachable(options.Name, fault.Message);
            return false;
        }
    }

    private async Task<LeaseTerm> Reread(CancellationToken cancellation)
    {
        try
        {
            return _term.See(await Read(cancellation), time.GetTimestamp());
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault) || fault is OperationCanceledException)
        {
            return _term;
        }
    }

    private async Task<LeaseObject?> Read(CancellationToken cancellation)
    {
        try
        {
            return await client.Get(LeaseObject.Type, options.Namespace, options.Name, cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return null;
        }
    }

    /// <summary>A renewal that was cut off may have been written: then the lease is read, and released once more.</summary>
    private async Task Release()
    {
        using var patience = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            if (!await TryRelease(patience.Token)) await TryRelease(patience.Token);
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault) || fault is OperationCanceledException)
        {
            logger.LeaseUnreachable(options.Name, fault.Message); // it expires by itself
            _term = LeaseTerm.Unknown;
        }
    }

    /// <returns>False when somebody wrote the lease since it was seen; it is known again then.</returns>
    private async Task<bool> TryRelease(CancellationToken cancellation)
    {
        if (!_term.IsHeldBy(options.Identity)) return true;
        try
        {
            _term = _term.See(await client.Replace(LeaseObject.Type, _term.Release(time.GetUtcNow()), cancellation), time.GetTimestamp());
            return true;
        }
        catch (ApiException refusal) when (refusal.IsConflict)
        {
            _term = _term.See(await Read(cancellation), time.GetTimestamp());
            return false;
        }
    }

    /// <summary>Waits, or returns early when cancelled: the loops look at the token themselves.</summary>
    private async Task Pause(CancellationToken cancellation)
    {
        var pause = options.RetryPeriod * (1 + (random.NextDouble() * (Jitter - 1)));
        await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
