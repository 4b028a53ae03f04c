using System.Diagnostics;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Tests;

/// <summary>A grain that does what a test asks of it.</summary>
internal interface IProbe : IGrainWithStringKey
{
    Task<int> Count();
    Task<string> Key();
    Task Pass(string gate);
    [AlwaysInterleave] Task Interrupt(string tell);
    [ReadOnly] Task Look(string gate);
    [OneWay] Task Notify(string gate);
    [ResponseTimeout("00:00:05")] Task Slow(string gate);
    Task Relay(Path path);
    [OneWay] Task RelayOneWay(Path path);
    Task CutLoose(Path path, string gate);
    Task<bool> Wait(string gate, CancellationToken cancellation);
    Task Throw(string message);
    Task DeactivateAfter();
    ValueTask<IProbe> Self();
    Task<bool> IsSame(IProbe other, IProbe another);
    Task<string?> Trace();
    Task<string?> ContextValue(string name);
    Task<string?> WokenBy();
    Task<string> Turns(int steps);
    Task Subscribe(IListener listener);
    Task Publish(string text);
    Task<bool> Escapes();
}

/// <summary>The keys of grains that a call goes through, one after the other.</summary>
[GenerateSerializer, Alias("test.path")]
internal sealed record Path([property: Id(0)] System.Collections.Immutable.ImmutableList<string> Keys)
{
    public static Path Through(params string[] keys) => new([.. keys]);

    public Path Rest => new(Keys.RemoveAt(0));
}

internal interface IListener : IGrainObserver
{
    Task Hear(string text);
    void HearOneWay(string text);
}

internal sealed class ProbeGrain(Script script) : Grain, IProbe
{
    private readonly List<IListener> _listeners = [];
    private int _count;
    private int _inside;
    private string? _wokenBy;

    private string Me => this.GetPrimaryKeyString();

    public Task<int> Count() => Task.FromResult(++_count);

    public Task<string> Key() => Task.FromResult(Me);

    public async Task Pass(string gate)
    {
        script.Tell($"{gate} in");
        await script.Gate(gate);
        script.Tell($"{gate} out");
    }

    public Task Interrupt(string tell)
    {
        script.Tell(tell);
        return Task.CompletedTask;
    }

    public Task Look(string gate) => Pass(gate);

    public Task Notify(string gate) => Pass(gate);

    public Task Slow(string gate) => Pass(gate);

    public async Task Relay(Path path)
    {
        script.Tell($"{Me} relays {path.Keys.Count}");
        await script.Gate($"{Me} relays");
        if (!path.Keys.IsEmpty) await GrainFactory.GetGrain<IProbe>(path.Keys[0]).Relay(path.Rest);
    }

    public Task RelayOneWay(Path path)
    {
        script.Tell($"{Me} relays one way {path.Keys.Count}");
        return path.Keys.IsEmpty ? Task.CompletedTask : GrainFactory.GetGrain<IProbe>(path.Keys[0]).RelayOneWay(path.Rest);
    }

    public Task CutLoose(Path path, string gate)
    {
        using (ExecutionContext.SuppressFlow()) _ = GrainFactory.GetGrain<IProbe>(path.Keys[0]).Relay(path.Rest);
        return script.Gate(gate);
    }

    public async Task<bool> Wait(string gate, CancellationToken cancellation)
    {
        script.Tell($"{gate} in");
        try
        {
            await script.Gate(gate).WaitAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException)
        {
            script.Tell($"{gate} cancelled");
            throw;
        }
    }

    public async Task Throw(string message)
    {
        await Task.Yield();
        throw new FormatException(message);
    }

    public Task DeactivateAfter()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public ValueTask<IProbe> Self() => ValueTask.FromResult(this.AsReference<IProbe>());

    public Task<bool> IsSame(IProbe other, IProbe another) => Task.FromResult(other.Equals(another) && other.GetHashCode() == another.GetHashCode());

    public Task<string?> Trace() => Task.FromResult(Activity.Current?.TraceId.ToString());

    public Task<string?> ContextValue(string name) => Task.FromResult(RequestContext.Get(name) as string);

    public Task<string?> WokenBy() => Task.FromResult(_wokenBy);

    public async Task<string> Turns(int steps)
    {
        var most = 0;
        for (var i = 0; i < steps; i++)
        {
            most = Math.Max(most, ++_inside);
            await Task.Yield();
            _inside--;
        }
        return $"{most}";
    }

    public Task Subscribe(IListener listener)
    {
        _listeners.Add(listener);
        return Task.CompletedTask;
    }

    public async Task Publish(string text)
    {
        foreach (var listener in _listeners)
        {
            listener.HearOneWay(text);
            await listener.Hear(text);
        }
    }

    public async Task<bool> Escapes()
    {
        var mine = TaskScheduler.Current;
        var escaped = await Task.Run(() => TaskScheduler.Current == TaskScheduler.Default);
        return escaped && mine != TaskScheduler.Default && TaskScheduler.Current == mine;
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _wokenBy = RequestContext.Get("who") as string;
        script.Tell($"{Me} activated");
        return Me switch
        {
            "bad" => throw new FormatException("no good"),
            "slow" => script.Gate("activation"),
            _ when Me.StartsWith("calls ", StringComparison.Ordinal) => GrainFactory.GetGrain<IProbe>(Me["calls ".Length..]).Count(),
            _ => Task.CompletedTask,
        };
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        script.Tell($"{Me} deactivated: {reason.ReasonCode}");
        return Me is "lingering" ? script.Gate("deactivation") : Task.CompletedTask;
    }
}
