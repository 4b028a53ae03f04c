using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Nodes;

/// <summary>Which interfaces of a node are meant.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.InterfaceSelector")]
public abstract record InterfaceSelector
{
    private InterfaceSelector()
    {
    }

    /// <summary>The interface of this name.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.InterfaceSelector.Named")]
    public sealed record Named([property: Id(0)] string Name) : InterfaceSelector
    {
        public override string ToString() => Name;
    }

    /// <summary>The interfaces whose whole name matches this regular expression.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.InterfaceSelector.Pattern")]
    public sealed record Pattern([property: Id(0)] string Expression) : InterfaceSelector
    {
        public override string ToString() => $"/{Expression}/";
    }

    /// <summary>None of the interfaces that the other one means, whatever the rest of the list says.</summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.InterfaceSelector.Except")]
    public sealed record Except([property: Id(0)] InterfaceSelector Excluded) : InterfaceSelector
    {
        public override string ToString() => $"not {Excluded}";
    }

    /// <summary>
    /// The interface whose connected prefix or main-table route covers the address (OpenELB <c>can_reach:IP</c>). An address that has become
    /// local to the node does not change the answer, because the local table is never asked.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("orleanslb.InterfaceSelector.CanReach")]
    public sealed record CanReach([property: Id(0)] Address Target) : InterfaceSelector
    {
        public override string ToString() => $"can_reach:{Target}";
    }
}
