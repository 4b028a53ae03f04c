using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Pools;

/// <inheritdoc cref="IAddressPoolGrain"/>
[Reentrant, KeepAlive]
public sealed class AddressPoolGrain(
    IClaimStore store, IPoolStatusWriter status, IOptions<ReportOptions> options, TimeProvider time, ILogger<AddressPoolGrain> logger)
    : Grain, IAddressPoolGrain
{
    /// <summary>How often a decision is taken anew because somebody else wrote first. More in a row is no accident but a fault.</summary>
    private const int MostConflicts = 1000;

    /// <summary>How long an expiry waits for a record that could not be reached.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private PoolBook _book = null!;
    private RecordedClaims _claims = null!;
    private ClaimWriter _writer = null!;
    private SingleFlight _freeing = null!;
    private Expiry _expiry = null!;
    private PoolReservations _reservations = null!;

    /// <summary>Services that were refused since addresses were last freed: what they wait for may come free before anybody has heard that they wait.</summary>
    private readonly HashSet<ServiceName> _refused = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _book = new(new(this.GetPrimaryKeyString()));
        var filter = new FeedFilter(_book);
        _writer = new(_book, store, filter, logger);
        _reservations = new(_book, _writer, time);
        _freeing = new(TellOfFreed);
        _expiry = new(_book, time, delay => this.After(delay, Expire));
        _claims = new(_book, store, filter, _writer, AllRead, Changed);
        await Configure();
        var reporting = new PoolReporting(_book, status, options.Value, time, logger);
        this.RegisterGrainTimer(() => Report(reporting), new() { DueTime = options.Value.Interval, Period = options.Value.Interval, Interleave = true });
    }

    public async Task<AllocationOutcome> Allocate(AllocationRequest request)
    {
        await _claims.Known();
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            await Learn(request);
            var decision = Allocator.Decide(_book, request);
            if (decision.Outcome is AllocationOutcome.Refused refused)
            {
                _refused.Add(request.Service);
                return Answer(refused, null);
            }
            if (_writer.InFlight(decision.Changes, request) is { } others)
            {
                await others;
                continue;
            }
            var invites = Allocator.Invites(_book, request, decision);
            _book.Learn(request.Service, request.Sharing);
            switch (await _writer.Write(decision.Changes))
            {
                case ClaimsWritten.Done:
                    if (invites) Freed();
                    return Answer(decision.Outcome, request);
                case ClaimsWritten.Unavailable:
                    return Answer(new AllocationOutcome.Refused(Reason.RecordUnavailable, $"its claim cannot be written: {_writer.Fault}"), null);
                default:
                    GrainsTelemetry.ClaimConflicted(_book.Name);
                    break;
            }
        }
        throw new InvalidOperationException(
            $"The claims of pool {_book.Name} changed {MostConflicts} times while service {request.Service} waited for an address.");
    }

    public async Task<bool> Release(ServiceName service, string uid, EquatableList<Address> keep, bool gone)
    {
        await _claims.Known();
        while (_writer.InFlight(service) is { } own) await own;
        var released = await Write(() => Allocator.Release(_book, service, uid, keep, time.GetUtcNow(), gone), Freed);
        Tidy();
        return released;
    }

    public async Task<NamespaceUse> UseBy(ServiceName service)
    {
        await _claims.Known();
        return _book.UseBy(service);
    }

    public async Task<double> Fill(IpFamily family)
    {
        await _claims.Known();
        return _book.FillOf(family);
    }

    public async Task<bool> Quarantine(AddressConflict conflict)
    {
        await _claims.Known();
        var holders = _book.At(conflict.Address)?.Holders ?? [];
        var written = await Write(() => Allocator.Quarantine(_book, conflict, time.GetUtcNow()), () => GrainsTelemetry.Quarantined(_book.Name, conflict.InUse));
        if (written) Reconsider(holders).Observe(logger, $"Telling services of an address in quarantine in pool {_book.Name}");
        return written;
    }

    public async Task<ReservationOutcome> Reserve(Address? wanted, IpFamily family, Reservation terms)
    {
        await _claims.Known();
        var outcome = await _reservations.Carry((book, now) => Reserving.Reserve(book, wanted, family, terms, now));
        _expiry.Arm();
        return outcome;
    }

    public async Task<ReservationOutcome> CancelReservation(Address address)
    {
        await _claims.Known();
        var outcome = await _reservations.Carry((book, now) => Reserving.Cancel(book, address, now));
        if (outcome.IsDone) Freed();
        Tidy();
        return outcome;
    }

    public async Task ClaimsRead(EquatableList<AddressClaim> claims)
    {
        if (await _claims.Read(claims)) CheckSoon();
    }

    public Task ClaimChanged(AddressClaim claim) => _claims.Changed(claim);

    public Task ClaimGone(AddressClaim claim) => _claims.Gone(claim);

    public async Task ConfigurationChanged(long version)
    {
        await Configure();
        Tidy();
    }

    public async Task<PoolStatus> Status()
    {
        await _claims.Known();
        return PoolCount.Of(_book);
    }

    private async Task Report(PoolReporting reporting)
    {
        await _claims.Known();
        await reporting.Turn();
    }

    /// <summary>
    /// Writes what is decided, anew as often as somebody else wrote first, until there is nothing left to write. False: the record cannot be reached.
    /// </summary>
    private async Task<bool> Write(Func<EquatableList<ClaimChange>> decide, Action written)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var changes = decide();
            if (_writer.InFlight(changes) is { } others)
            {
                await others;
                continue;
            }
            if (changes.Count == 0) return true;
            var outcome = await _writer.Write(changes);
            _expiry.Arm();
            if (outcome == ClaimsWritten.Unavailable) return false;
            if (outcome == ClaimsWritten.Done) written();
        }
        return false;
    }

    /// <summary>What has run out is free again.</summary>
    private async Task Expire()
    {
        _expiry.Disarm();
        if (await Write(() => Allocator.Expire(_book, time.GetUtcNow()), Freed)) _expiry.Arm();
        else this.After(RetryDelay, Expire);
    }

    /// <summary>Claims of addresses that need not rest any more go.</summary>
    private void Tidy()
    {
        if (Allocator.Rested(_book).Any()) Expire().Observe(logger, $"Letting go of claims that nobody needs in pool {_book.Name}");
    }

    private async Task Configure()
    {
        var configuration = await GrainFactory.Configuration().Current();
        _book.Configure(configuration.Pools.FirstOrDefault(pool => pool.Name == _book.Name));
    }

    /// <summary>A reading that lacks a claim of ours may be older than the claim; which of the two it is, only the record itself can tell.</summary>
    private void CheckSoon() => _claims.Check().Observe(logger, $"Comparing pool {_book.Name} with the record", () => this.After(RetryDelay, CheckSoon));

    private void AllRead()
    {
        _expiry.Arm();
        Tidy();
    }

    /// <summary>Those who held the address claim it again, or find another; then it is free.</summary>
    private void Changed(IReadOnlyCollection<ClaimHolder>? deprived)
    {
        _expiry.Arm();
        if (deprived is not null) Reconsider(deprived).Observe(logger, $"Telling services of a lost claim in pool {_book.Name}");
    }

    private async Task Reconsider(IEnumerable<ClaimHolder> deprived)
    {
        await Task.WhenAll(deprived.Select(holder => GrainFactory.Service(holder.Service).Reconsider()));
        Freed();
    }

    private async Task TellOfFreed()
    {
        var refused = _refused.ToEquatableList();
        _refused.Clear();
        await GrainFactory.ServiceIndex().AddressesFreed(_book.Name, refused);
    }

    private void Freed() => _freeing.Run().Observe(logger, $"Telling of free addresses in pool {_book.Name}");

    /// <summary>After a restart a sharer may not have been heard of yet: its ports are in the record.</summary>
    private async Task Learn(AllocationRequest request)
    {
        foreach (var unknown in Allocator.UnknownTerms(_book, request).ToList())
        {
            var sharer = await GrainFactory.Sync().FindService(unknown);
            if (_book.TermsOf(unknown) is null) _book.Learn(unknown, sharer is null ? new(null, request.Sharing.Backend, []) : SharingTerms.Of(sharer));
        }
    }

    private AllocationOutcome Answer(AllocationOutcome outcome, AllocationRequest? request)
    {
        if (outcome is AllocationOutcome.Refused refused) GrainsTelemetry.Refused(_book.Name, refused.Reason);
        else if (outcome is AllocationOutcome.Granted granted && request is not null) GrainsTelemetry.Allocated(_book.Name, granted.Reason);
        return outcome;
    }
}
