using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>
/// Who keeps an address that several services hold although their terms exclude each other, as edits may have it that came while nobody watched. It
/// does not depend on who is served first: those who share under the claim's key go before those who do so no more, among equals whoever held it first,
/// and each keeps it who gets on with all before him.
/// </summary>
internal static class Seniority
{
    /// <summary>Those who keep it, in that order. Holders of whom nothing is known are gone, and stand in nobody's way.</summary>
    public static IReadOnlyList<ServiceName> Keepers(PoolBook book, AddressClaim claim, AllocationRequest request)
    {
        var kept = new List<(ServiceName Service, SharingTerms Terms)>();
        foreach (var (service, terms) in Present(book, claim, request).OrderBy(holder => holder.Terms.Key == claim.SharingKey ? 0 : 1))
        {
            if (kept.TrueForAll(before => GetOn(before.Terms, terms))) kept.Add((service, terms));
        }
        return kept.ConvertAll(holder => holder.Service);
    }

    private static IEnumerable<(ServiceName Service, SharingTerms Terms)> Present(PoolBook book, AddressClaim claim, AllocationRequest request)
    {
        foreach (var service in claim.Holders.Select(holder => holder.Service))
        {
            var terms = service == request.Service ? request.Sharing : book.TermsOf(service);
            if (terms is { Ports.Count: > 0 }) yield return (service, terms);
        }
    }

    public static bool GetOn(SharingTerms one, SharingTerms other) =>
        one.Key is not null && one.Key == other.Key && one.Backend == other.Backend && !one.Ports.Any(port => other.Ports.Contains(port));
}
