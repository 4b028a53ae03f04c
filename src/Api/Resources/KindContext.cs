using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Resources;

/// <summary>What the rules of a kind may look at while they decide about one object.</summary>
public sealed record KindContext(ResourceType Type, StoreTransaction Transaction, AddressPlan Addresses)
{
    /// <summary>Said to the client without refusing its request (HTTP <c>Warning</c> header).</summary>
    public List<string> Warnings { get; } = [];
}
