using OrleansLb.Core;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>The status objects of a cluster, with every write that was made.</summary>
public sealed class FakeStatusObjects : IStatusObjectStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<StatusSubject, StatusObject> _objects = [];
    private readonly List<StatusObject> _puts = [];

    public Pulse Changed { get; } = new();

    /// <summary>While true, every read and write throws.</summary>
    public bool Down { get; set; }

    public IReadOnlyList<StatusObject> All
    {
        get { lock (_gate) return [.. _objects.Values]; }
    }

    /// <summary>Every object that was written, in order.</summary>
    public IReadOnlyList<StatusObject> Puts
    {
        get { lock (_gate) return [.. _puts]; }
    }

    public StatusObject.BgpSession? Session(string node, string peer)
    {
        lock (_gate) return _objects.GetValueOrDefault(new(StatusKind.BgpSession, new(node), peer)) as StatusObject.BgpSession;
    }

    public StatusObject.ServiceBgp? Service(string node, string service)
    {
        lock (_gate) return _objects.GetValueOrDefault(new(StatusKind.ServiceBgp, new(node), service)) as StatusObject.ServiceBgp;
    }

    /// <summary>As if it stood there from before.</summary>
    public void Leave(StatusObject left)
    {
        lock (_gate) _objects[left.Subject] = left;
    }

    public Task Until(Func<bool> condition, string expectation) => Changed.Until(condition, expectation);

    public async Task Put(StatusObject wanted, CancellationToken cancellation)
    {
        await Change(() =>
        {
            _objects[wanted.Subject] = wanted;
            _puts.Add(wanted);
        });
    }

    public Task Delete(StatusSubject subject, CancellationToken cancellation) => Change(() => _objects.Remove(subject));

    public async Task<EquatableList<StatusSubject>> Standing(StatusKind kind, NodeName? node, CancellationToken cancellation)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            return _objects.Keys.Where(subject => subject.Kind == kind && (node is null || subject.Node == node)).ToEquatableList();
        }
    }

    private async Task Change(Action change)
    {
        await Task.Yield();
        lock (_gate)
        {
            ThrowIfDown();
            change();
        }
        Changed.Beat();
    }

    private void ThrowIfDown()
    {
        if (Down) throw new RecordUnavailableException("The record is down.");
    }
}
