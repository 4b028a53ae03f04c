using OrleansLb.Core;

namespace OrleansLb.Grains.Routes;

/// <summary>Which services have told their part to a set of routes that was lost, and for which it waits before it is complete.</summary>
/// <param name="over">Is called once, when all that were called have answered or are waited for no longer.</param>
internal sealed class RollCall(Action over)
{
    private readonly HashSet<ServiceName> _heard = [];
    private readonly HashSet<ServiceName> _silent = [];

    public bool IsOver { get; private set; }

    /// <summary>Those that were called and have not answered, sorted.</summary>
    public IReadOnlyList<ServiceName> Silent => [.. _silent.Order()];

    /// <summary>The service has told its part, perhaps before it was called.</summary>
    public void Answer(ServiceName service)
    {
        if (IsOver) return;
        _heard.Add(service);
        if (_silent.Remove(service) && _silent.Count == 0) End();
    }

    /// <summary>These are all there are. Where none of them is silent, that is the end of it.</summary>
    public void Call(IEnumerable<ServiceName> services)
    {
        if (IsOver) return;
        _silent.UnionWith(services.Where(service => !_heard.Contains(service)));
        if (_silent.Count == 0) End();
    }

    /// <summary>Those that are silent are waited for no longer.</summary>
    public void End()
    {
        if (IsOver) return;
        IsOver = true;
        _heard.Clear();
        _silent.Clear();
        over();
    }
}
