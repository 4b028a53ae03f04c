using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>An orleanslb.io/v1alpha1 AddressClaim: the record of one held or reserved address, named by it.</summary>
public sealed record AddressClaimObject : IApiObject
{
    [JsonConverter(typeof(RepeatedTextConverter))]
    public string ApiVersion { get; init; } = "orleanslb.io/v1alpha1";

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string Kind { get; init; } = "AddressClaim";

    public ObjectMeta Metadata { get; init; } = new();

    public AddressClaimSpec? Spec { get; init; }
}

/// <summary>Which address, of which pool, for whom.</summary>
public sealed record AddressClaimSpec
{
    public string? Address { get; init; }

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? Pool { get; init; }

    /// <summary>The services that hold the address.</summary>
    public List<AddressClaimHolder>? Holders { get; init; }

    public string? SharingKey { get; init; }

    /// <summary>For whom it is kept while nobody holds it; an empty object keeps it from everybody.</summary>
    public AddressClaimReservation? Reservation { get; init; }

    /// <summary>Set while a host outside of the cluster uses the address.</summary>
    public AddressClaimQuarantine? Quarantine { get; init; }

    /// <summary>Set while nobody has the address and it rests: when it was freed.</summary>
    public MicroTime? Released { get; init; }
}

public sealed record AddressClaimHolder
{
    [JsonConverter(typeof(RepeatedTextConverter))]
    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string Uid { get; init; } = "";
}

public sealed record AddressClaimReservation
{
    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public MicroTime? Until { get; init; }
}

public sealed record AddressClaimQuarantine
{
    public string Mac { get; init; } = "";

    public string Node { get; init; } = "";

    public string Interface { get; init; } = "";

    public MicroTime Until { get; init; }
}
