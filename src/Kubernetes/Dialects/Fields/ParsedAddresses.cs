using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Reads addresses that others have written.</summary>
internal static class ParsedAddresses
{
    /// <summary>Those of the texts that are addresses, in their order.</summary>
    public static EquatableList<Address> ParseAddresses(this IEnumerable<string?>? texts)
    {
        var addresses = new List<Address>();
        foreach (var text in texts ?? [])
        {
            if (Address.TryParse(text, out var address)) addresses.Add(address);
        }
        return addresses.ToEquatableList();
    }
}
