namespace OrleansLb.Core.Services;

/// <summary>The condition types that we write to a Service's status.</summary>
public static class ConditionTypes
{
    /// <summary>True when the Service has every address that it asked for.</summary>
    public const string AddressAssigned = "orleanslb.io/AddressAssigned";

    /// <summary>True when a node announces the Service's addresses.</summary>
    public const string Announced = "orleanslb.io/Announced";

    /// <summary>True while a host outside the cluster claims one of the Service's addresses; not there while none does.</summary>
    public const string AddressConflict = "orleanslb.io/AddressConflict";
}
