using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.OpenElb;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Dialects.Services;

/// <summary>What a Service asks for by annotations and by <c>spec.loadBalancerIP</c>.</summary>
/// <param name="SharesOnRequest">The key is no wish to share: it lets the address be shared by those that ask for it.</param>
internal sealed record ServiceAnnotations(EquatableList<Address> Addresses, PoolName? Pool, string? SharingKey, bool SharesOnRequest = false)
{
    /// <summary>
    /// OpenELB lets every Service have the address that it names, whichever of its Services has it already, under no key; ours is the key that stands for that.
    /// </summary>
    private const string OpenElbSharing = "openelb";

    /// <summary>What the schema of a claim takes.</summary>
    private const int LongestSharingKey = 1024;

    public static readonly ServiceAnnotations None = new([], null, null);

    public static ServiceAnnotations Read(ServiceObject service, ServiceSpec spec, ProblemLog problems)
    {
        var annotations = service.Metadata.Annotations ?? [];
        foreach (var (key, value) in annotations.OrderBy(entry => entry.Key, StringComparer.Ordinal)) Judge(key, value, problems);
        var isOpenElb = annotations.GetValueOrDefault(OpenElbKeys.OptIn) == OpenElbKeys.OptInValue;
        var addresses = AddressesOf(annotations, spec, isOpenElb, problems);
        var pool = One(annotations, ServiceKeys.Pool, problems)?.Value;
        var sharing = One(annotations, ServiceKeys.SharingKey, problems) is { } named ? KeyOf(named.Key, named.Value, problems) : null;
        var onRequest = isOpenElb && sharing is null;
        return new(addresses, pool is null ? null : new PoolName(pool), onRequest ? OpenElbSharing : sharing, onRequest);
    }

    private static string? KeyOf(string annotation, string value, ProblemLog problems)
    {
        if (value.Length <= LongestSharingKey) return value;
        problems.Error(At(annotation),
            $"is a sharing key of {value.Length} letters; claims hold {LongestSharingKey} at most. Write a shorter one into all who share.");
        return null;
    }

    private static EquatableList<Address> AddressesOf(Dictionary<string, string> annotations, ServiceSpec spec, bool isOpenElb, ProblemLog problems)
    {
        const string specField = "spec.loadBalancerIP";
        var fromSpec = string.IsNullOrEmpty(spec.LoadBalancerIP) ? [] : Parse(specField, spec.LoadBalancerIP, problems);
        if (One(annotations, ServiceKeys.Addresses, problems) is not { } chosen) return fromSpec;
        var asked = Parse(At(chosen.Key), chosen.Value, problems);
        var contradicts = fromSpec.Count > 0 && fromSpec.Any(address => !asked.Contains(address));
        if (contradicts && !isOpenElb) problems.Error(specField, $"and the annotation {chosen.Key} ask for different addresses; keep one of them.");
        else if (fromSpec.Count > 0 && ServiceKeys.IsOfMetalLb(chosen.Key))
            problems.Error(specField, $"is set besides the annotation {chosen.Key}, and MetalLB takes only one of them; remove spec.loadBalancerIP.");
        return asked;
    }

    private static EquatableList<Address> Parse(string field, string text, ProblemLog problems)
    {
        var addresses = new List<Address>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var isAddress = Address.TryParse(part, out var written);
            var address = written.Unmapped();
            if (!isAddress) problems.Error(field, $"'{part}' is not an IP address; write it as 192.0.2.10 or 2001:db8::10.");
            else if (addresses.Exists(other => other.Family == address.Family))
            {
                problems.Error(field, $"asks for more than one {address.Family} address; a Service has at most one of each family.");
            }
            else addresses.Add(address);
        }
        return addresses.ToEquatableList();
    }

    /// <summary>The value of a wish that several dialects spell differently; it may be spelt twice, but not differ.</summary>
    private static (string Key, string Value)? One(Dictionary<string, string> annotations, string[] keys, ProblemLog problems)
    {
        (string Key, string Value)? found = null;
        foreach (var key in keys)
        {
            if (annotations.GetValueOrDefault(key)?.Trim() is not { Length: > 0 } value) continue;
            if (found is { } first && first.Value != value) problems.Error(At(key), $"says '{value}', and {first.Key} says '{first.Value}'; keep one of them.");
            found ??= (key, value);
        }
        return found;
    }

    private static void Judge(string key, string value, ProblemLog problems)
    {
        if (key.StartsWith(ServiceKeys.LegacyPrefix, StringComparison.Ordinal) && ServiceKeys.IsKnown(key))
        {
            problems.Warn(At(key), $"has a prefix that is deprecated; write metallb.io/{key[ServiceKeys.LegacyPrefix.Length..]}.");
        }
        else if (key == OpenElbKeys.Protocol) problems.Warn(At(key), $"has no effect: the Eip's own protocol decides, not '{value}'.");
        else if (key.StartsWith(OpenElbKeys.NodeProxyPrefix, StringComparison.Ordinal))
        {
            problems.Warn(At(key), "is not yet honoured: a Service gets an address of a pool, not the addresses of its nodes.");
        }
        else if (ServiceKeys.IsOfDialect(key) && !ServiceKeys.IsKnown(key))
        {
            problems.Warn(At(key), "is no annotation that is known here, and has no "
                + $"effect{(ServiceKeys.NearestTo(key) is { } nearest ? $"; did you mean {nearest}?" : ".")}");
        }
    }

    private static string At(string key) => $"metadata.annotations[{key}]";
}
