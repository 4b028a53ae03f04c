using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Services;

namespace OrleansLb.Grains.Forecasting;

/// <summary>The books of all pools in memory: what is decided is entered at once, and nobody else writes.</summary>
internal sealed class MemoryBooks : IAddressBooks
{
    private readonly Dictionary<PoolName, PoolBook> _books = [];
    private readonly Dictionary<ServiceName, ServiceRequest> _services;
    private ClusterConfiguration _configuration = ClusterConfiguration.Empty;

    /// <param name="claims">What is held to begin with.</param>
    /// <param name="services">All services, for the terms on which they share.</param>
    public MemoryBooks(IEnumerable<AddressClaim> claims, IEnumerable<ServiceRequest> services)
    {
        _services = services.ToDictionary(service => service.Service);
        foreach (var claim in claims.Where(claim => claim.Pool.Value.Length > 0).OrderBy(claim => claim.Address)) Book(claim.Pool).Put(claim);
        Unbound = claims.Where(claim => claim.Pool.Value.Length == 0).ToEquatableList();
    }

    /// <summary>Reservations that name no pool: they concern whichever has the address.</summary>
    private EquatableList<AddressClaim> Unbound { get; }

    public void Configure(ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        foreach (var pool in configuration.Pools) Book(pool.Name);
        foreach (var book in _books.Values) Configure(book);
    }

    public Task<EquatableList<AddressClaim>> ClaimsOf(ServiceName service) =>
        Task.FromResult(_books.Values.SelectMany(book => book.HeldBy(service).Select(address => book.At(address)!)).OrderBy(claim => claim.Address)
            .ToEquatableList());

    public Task<AllocationOutcome> Allocate(PoolName pool, AllocationRequest request, AddressQuota? quota)
    {
        ArgumentNullException.ThrowIfNull(request);
        var book = Book(pool);
        if (quota is not null)
            request = request with { Allowance = NamespaceUse.Sum(_books.Values.Where(other => other != book).Select(other => other.UseBy(request.Service)))
                .Under(quota) };
        foreach (var unknown in Allocator.UnknownTerms(book, request).ToList())
        {
            book.Learn(unknown, _services.TryGetValue(unknown, out var sharer) ? SharingTerms.Of(sharer) : new(null, request.Sharing.Backend, []));
        }
        var decision = Allocator.Decide(book, request);
        if (decision.Outcome is AllocationOutcome.Granted)
        {
            book.Learn(request.Service, request.Sharing);
            Enter(book, decision.Changes);
        }
        return Task.FromResult(decision.Outcome);
    }

    public Task<bool> Release(PoolName pool, ServiceName service, string uid, EquatableList<Address> keep, bool gone)
    {
        var book = Book(pool);
        Enter(book, Allocator.Release(book, service, uid, keep, default));
        return Task.FromResult(true);
    }

    public Task<double> Fill(PoolName pool, IpFamily family) => Task.FromResult(Book(pool).FillOf(family));

    private PoolBook Book(PoolName name)
    {
        if (_books.TryGetValue(name, out var book)) return book;
        _books[name] = book = new(name);
        Configure(book);
        return book;
    }

    private void Configure(PoolBook book)
    {
        book.Configure(_configuration.Pools.FirstOrDefault(pool => pool.Name == book.Name));
        foreach (var claim in Unbound.Where(claim => book.Pool?.Contains(claim.Address) == true && book.At(claim.Address) is null)) book.Put(claim);
    }

    private static void Enter(PoolBook book, EquatableList<ClaimChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is { } claim) book.Put(claim);
            else book.Remove(change.Address);
        }
    }
}
