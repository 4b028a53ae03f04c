using OrleansLb.Core;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab;

/// <summary>What the lab can do to a node whose speaker runs in this process: stop it as SIGSTOP stops a process, or cut its way to the cluster.</summary>
internal sealed class NodeSwitch
{
    private readonly StopGate _gate = new();
    private readonly ControlPath _control = new();

    /// <summary>Every thread, timer and call of the speaker stands still; frames and calls wait for it.</summary>
    public void Freeze()
    {
        _gate.Shut();
        _control.Hold();
    }

    /// <summary>No call passes between speaker and cluster, in either direction; the wire stays.</summary>
    public void CutOff() => _control.Cut();

    /// <summary>All is as it was: the process goes on, the partition heals.</summary>
    public void Restore()
    {
        _gate.Open();
        _control.Restore();
    }

    public NodeSettings Settings(ILabNetwork network, LabMachine node)
    {
        var name = new NodeName(node.Name);
        return new(name, new StoppableLinks(network.LinksOf(name), _gate), network.StackOf(name), [LabPlan.Interface], node.Addresses)
        {
            Control = _control,
            YieldRecheck = LabPlan.YieldRecheck,
            Time = new StoppableTime(TimeProvider.System, _gate),
        };
    }
}
