using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>On what terms a service shares its addresses: with those that have the same key and backend and none of its ports.</summary>
/// <param name="Key">Null shares with nobody.</param>
/// <param name="Backend">The backend key that must be equal; empty when the traffic policy sets no bounds.</param>
/// <param name="OnRequest">It shares an address that is asked for, and looks for none to share by itself.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.SharingTerms")]
public sealed record SharingTerms(
    [property: Id(0)] string? Key,
    [property: Id(1)] string Backend,
    [property: Id(2)] EquatableList<ServicePort> Ports,
    [property: Id(3)] bool OnRequest = false)
{
    public static SharingTerms Of(ServiceRequest request) =>
        new(request.SharingKey, request.TrafficPolicy == TrafficPolicy.Local ? request.BackendKey : "", request.Ports, request.SharesOnRequest);
}
