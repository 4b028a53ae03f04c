using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>The Kubernetes API as the grains see it: objects with compare-and-swap, watches, and outages when a test asks for them.</summary>
public sealed class FakeRecord : IClusterFeed, IClaimStore, IServiceStatusWriter, INodeMarker, IEventRecorder, IPoolStatusWriter, IConfigurationStatusWriter,
    IAcceptedForms
{
    private readonly Lock _gate = new();
    private readonly List<Channel<ClusterChange>> _watches = [];
    private readonly SortedDictionary<ServiceName, ServiceRequest> _services = [];
    private readonly SortedDictionary<NodeName, NodeFacts> _nodes = [];
    private readonly SortedDictionary<Address, AddressClaim> _claims = [];
    private readonly Dictionary<ServiceName, ServiceStatus> _statuses = [];
    private readonly Dictionary<ServiceName, AddressClaim> _outstripped = [];
    private DeclaredConfiguration _declared = DeclaredConfiguration.None;
    private readonly Dictionary<string, PoolReport> _pools = new(StringComparer.Ordinal);
    private EquatableList<Declaration> _accepted = [];
    private long _version;
    private int _writes;

    /// <summary>While true, every read and write throws.</summary>
    public bool Down { get; set; }

    /// <summary>Asked before each write of a claim; an exception that it gives is thrown after the write was done, as when an answer is lost.</summary>
    public Func<AddressClaim, Exception?>? LoseAnswer { get; set; }

    public Pulse Changed { get; } = new();

    public ConcurrentQueue<(ObjectReference Regarding, bool Warning, string Reason, string Message)> Events { get; } = new();

    /// <summary>How many writes the record has taken: claims and statuses.</summary>
    public int Writes => Volatile.Read(ref _writes);

    public IReadOnlyList<AddressClaim> Claims
    {
        get { lock (_gate) return [.. _claims.Values]; }
    }

    public ServiceStatus? StatusOf(string service)
    {
        lock (_gate) return _statuses.GetValueOrDefault(ServiceName.Parse(service));
    }

    public PoolReport? ReportOf(string pool)
    {
        lock (_gate) return _pools.GetValueOrDefault(pool);
    }

    /// <summary>How often a pool's report was written.</summary>
    public int PoolWrites { get; private set; }

    /// <summary>How often it was asked to write what was accepted.</summary>
    public int FormWrites { get; private set; }

    /// <summary>The verdicts on the configuration, as last written.</summary>
    public ConfigurationReport? Verdicts { get; private set; }

    public IReadOnlyList<ServiceStatus> Statuses
    {
        get { lock (_gate) return [.. _statuses.Values]; }
    }

    public void Declare(params Declaration[] declarations) => Declare(new DeclaredConfiguration([.. declarations], [], []));

    public void Declare(DeclaredConfiguration declared)
    {
        lock (_gate)
        {
            _declared = declared;
            Tell(Configuration);
        }
    }

    private ClusterChange.ConfigurationRead Configuration => new(_declared.Declarations, _declared.Problems, _declared.Unreadable, _accepted);

    public void Note(EquatableList<ObjectReference> refused, EquatableList<ObjectReference> used)
    {
        lock (_gate)
        {
            var (kept, missed) = (refused.Select(Key).ToHashSet(), used.Select(Key).ToHashSet());
            missed.ExceptWith(_declared.Declarations.Select(declaration => Key(declaration.Source)));
            _accepted = [.. _declared.Declarations.Where(declaration => !kept.Contains(Key(declaration.Source))),
                .. _accepted.Where(declaration => kept.Contains(Key(declaration.Source)) || missed.Contains(Key(declaration.Source)))];
        }

        static (string, string) Key(ObjectReference subject) => (subject.Kind, subject.Name);
    }

    public Task Write(CancellationToken cancellation) => Note(() => FormWrites++);

    public void Put(NodeFacts node)
    {
        lock (_gate)
        {
            _nodes[node.Name] = node;
            Tell(new ClusterChange.NodeChanged(node));
        }
    }

    public void Remove(NodeName node)
    {
        lock (_gate)
        {
            if (_nodes.Remove(node)) Tell(new ClusterChange.NodeGone(node));
        }
    }

    public async Task<NodeMark> Drain(NodeName node, bool draining, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            if (!_nodes.TryGetValue(node, out var known)) return NodeMark.NoSuchNode;
            Put(known with { Draining = draining });
            return NodeMark.Written;
        }
    }

    public void Put(ServiceRequest service)
    {
        lock (_gate)
        {
            if (_services.TryGetValue(service.Service, out var known) && known.Uid == service.Uid)
                service = service with { Held = known.Held, Finalizer = known.Finalizer };
            else _statuses.Remove(service.Service);
            _services[service.Service] = service;
            Tell(new ClusterChange.ServiceChanged(service));
        }
    }

    /// <summary>Somebody else takes the finalizer off.</summary>
    public void TakeFinalizer(string service)
    {
        lock (_gate)
        {
            var name = ServiceName.Parse(service);
            Tell(new ClusterChange.ServiceChanged(_services[name] = _services[name] with { Finalizer = null }));
        }
    }

    public ServiceRequest? Find(string service)
    {
        lock (_gate) return _services.GetValueOrDefault(ServiceName.Parse(service));
    }

    public void Delete(string service)
    {
        lock (_gate)
        {
            var name = ServiceName.Parse(service);
            if (!_services.Remove(name, out var known)) return;
            _statuses.Remove(name);
            Tell(new ClusterChange.ServiceGone(name, known.Uid));
        }
    }

    /// <summary>Puts a claim as a user would.</summary>
    public void Put(AddressClaim claim)
    {
        lock (_gate) Store(claim);
    }

    public void DeleteClaim(string address)
    {
        lock (_gate)
        {
            if (_claims.Remove(Address.Parse(address), out var claim)) Tell(new ClusterChange.ClaimGone(claim));
        }
    }

    /// <summary>Ends every watch: readers have to start over.</summary>
    public void HangUp()
    {
        lock (_gate)
        {
            foreach (var watch in _watches) watch.Writer.TryComplete(new IOException("The record hung up."));
            _watches.Clear();
        }
    }

    public async IAsyncEnumerable<ClusterChange> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch = Channel.CreateUnbounded<ClusterChange>();
        lock (_gate)
        {
            ThrowIfDown();
            watch.Writer.TryWrite(Configuration);
            watch.Writer.TryWrite(new ClusterChange.NodesRead(_nodes.Values.ToEquatableList()));
            watch.Writer.TryWrite(new ClusterChange.ClaimsRead(_claims.Values.ToEquatableList()));
            watch.Writer.TryWrite(new ClusterChange.ServicesRead(_services.Values.ToEquatableList()));
            _watches.Add(watch);
        }
        await foreach (var change in watch.Reader.ReadAllAsync(cancellation)) yield return change;
    }

    public async Task<EquatableList<AddressClaim>> List(PoolName pool, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            return _claims.Values.Where(claim => claim.Pool == pool || claim.Pool.Value.Length == 0).ToEquatableList();
        }
    }

    public Task<ClaimWrite> Create(AddressClaim claim, CancellationToken cancellation) =>
        Swap(claim, current => current is null, () => Store(claim));

    public Task<ClaimWrite> Update(AddressClaim claim, CancellationToken cancellation) =>
        Swap(claim, current => current?.Version == claim.Version, () => Store(claim));

    public Task<ClaimWrite> Delete(AddressClaim claim, CancellationToken cancellation) =>
        Swap(claim, current => current is null || current.Version == claim.Version, () =>
        {
            if (_claims.Remove(claim.Address)) Tell(new ClusterChange.ClaimGone(claim));
            return claim;
        });

    /// <summary>The next status of the claim's holder comes too late: somebody else has claimed another address for it, and has it show that.</summary>
    public void Outstrip(AddressClaim theirs)
    {
        lock (_gate) _outstripped.Add(theirs.Holders[0].Service, theirs);
    }

    /// <summary>Somebody else has claimed another address for the service, and has it show that.</summary>
    public ServiceRequest Show(AddressClaim theirs)
    {
        lock (_gate)
        {
            var (service, claim) = (theirs.Holders[0].Service, Store(theirs));
            var shows = _services[service] = _services[service] with { Held = [claim.Address] };
            Tell(new ClusterChange.ServiceChanged(shows));
            return shows;
        }
    }

    public async Task<bool> Write(ServiceStatus status, EquatableList<Address> known, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            if (!_services.TryGetValue(status.Service, out var service) || service.Uid != status.Uid) return true;
            if (_outstripped.Remove(status.Service, out var theirs)) service = Show(theirs);
            if (service.Held != known && service.Held != status.Addresses && service.Held != _statuses.GetValueOrDefault(status.Service)?.Addresses)
                return false;
            if (_statuses.GetValueOrDefault(status.Service) == status && service.Held == status.Addresses
                && (status.Finalizer is null || service.Finalizer == status.Finalizer))
            {
                return true;
            }
            Interlocked.Increment(ref _writes);
            _statuses[status.Service] = status;
            _services[status.Service] = service = service with { Held = status.Addresses, Finalizer = status.Finalizer ?? service.Finalizer };
            Tell(new ClusterChange.ServiceChanged(service));
            return true;
        }
    }

    public async Task Clear(ServiceName service, string uid, string? finalizer, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            if (!_services.TryGetValue(service, out var known) || known.Uid != uid) return;
            Interlocked.Increment(ref _writes);
            _statuses.Remove(service);
            _services[service] = known = known with { Held = [], Finalizer = finalizer is null ? known.Finalizer : null };
            Tell(new ClusterChange.ServiceChanged(known));
        }
    }

    public void Record(ObjectReference regarding, bool warning, string reason, string message)
    {
        Events.Enqueue((regarding, warning, reason, message));
        Changed.Beat();
    }

    public Task Write(PoolReport report, CancellationToken cancellation) => Note(() =>
    {
        PoolWrites++;
        _pools[report.Object.Name] = report;
    });

    public Task Write(ConfigurationReport report, CancellationToken cancellation) => Note(() => Verdicts = report);

    private async Task Note(Action write)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            write();
        }
        Changed.Beat();
    }

    private async Task<ClaimWrite> Swap(AddressClaim claim, Func<AddressClaim?, bool> holds, Func<AddressClaim> write)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            var current = _claims.GetValueOrDefault(claim.Address);
            if (!holds(current)) return new ClaimWrite.Conflict(current);
            Interlocked.Increment(ref _writes);
            var written = write();
            if (LoseAnswer?.Invoke(claim) is { } lost) throw lost;
            return new ClaimWrite.Written(written);
        }
    }

    private AddressClaim Store(AddressClaim claim)
    {
        var written = claim with { Version = (++_version).ToString(CultureInfo.InvariantCulture) };
        _claims[claim.Address] = written;
        Tell(new ClusterChange.ClaimChanged(written));
        return written;
    }

    private void Tell(ClusterChange change)
    {
        foreach (var watch in _watches) watch.Writer.TryWrite(change);
        Changed.Beat();
    }

    private void ThrowIfDown()
    {
        if (Down) throw new RecordUnavailableException("The record is down.");
    }
}
