using Orleans;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains.Activations;

/// <summary>An object outside the grains that they call: held weakly, one call at a time.</summary>
internal sealed class Observer(IGrainObserver target, Router router) : CallReceiver(router, reentrant: false)
{
    private static readonly GrainType ClientType = new("sys.client");
    private readonly WeakReference<IGrainObserver> _target = new(target);

    public static GrainId NewId() => new(ClientType, new(Guid.NewGuid().ToString("N")));

    public static bool Is(GrainId id) => id.Type == ClientType;

    protected override bool Advance()
    {
        if (!Calls.TryTake(out var call)) return false;
        if (call.IsStale) return true;
        if (_target.TryGetTarget(out var target)) Start(call, target);
        else Forget(call);
        return true;
    }

    private void Forget(Call call)
    {
        Router.RemoveObserver(call.Target);
        Router.Log.NoObserver(call);
    }
}
