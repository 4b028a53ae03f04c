using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>Counts, address by address, what a decision gives a namespace, and says when that is more than it may hold.</summary>
internal sealed class QuotaTally
{
    private readonly PoolBook _book;
    private readonly AllocationRequest _request;
    private readonly NamespaceUse _here;
    private int _added;
    private int _leftHere;
    private int _leftElsewhere;

    public QuotaTally(PoolBook book, AllocationRequest request) =>
        (_book, _request, _here) = (book, request, IsBound(book, request) ? book.UseBy(request.Service) : new(0, []));

    /// <summary>
    /// Takes the address into the count. Null when the namespace may hold it too. What the service has for it now, it will not have any more.
    /// </summary>
    public AllocationOutcome.Refused? Add(Address address)
    {
        var @namespace = _request.Service.Namespace;
        if (!IsBound(_book, _request) || IsHeldIn(@namespace, address)) return null;
        _leftHere += _here.Own.Count(own => own.Family == address.Family);
        _leftElsewhere += _request.Allowance?.Elsewhere.Own.Count(own => own.Family == address.Family) ?? 0;
        _added++;
        if (_book.Pool?.Quota.Of(@namespace) is { } limit && _here.Held - _leftHere + _added > limit) return Refusals.Quota(_book, @namespace, limit);
        if (_request.Allowance is not { } allowance) return null;
        var held = _here.Held + allowance.Elsewhere.Held;
        return held - _leftHere - _leftElsewhere + _added > allowance.Limit ? Refusals.Quota(allowance, @namespace, held) : null;
    }

    private static bool IsBound(PoolBook book, AllocationRequest request) =>
        request.Allowance is not null || book.Pool?.Quota.Of(request.Service.Namespace) is not null;

    private bool IsHeldIn(string @namespace, Address address) =>
        _book.At(address) is { } claim && claim.Holders.Any(holder => holder.Service.Namespace == @namespace);
}
