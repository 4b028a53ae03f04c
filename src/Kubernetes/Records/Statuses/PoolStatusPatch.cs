using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>How full a pool is, in the fields that each dialect has for it. Numbers saturate at 2^63-1, as IPv6 pools need.</summary>
internal static class PoolStatusPatch
{
    private const string FieldManager = "orleanslb-pools";

    /// <summary>Our AddressPool: applied, as the verdict on the object stands in the same status and comes from elsewhere.</summary>
    public static Patch Ours(PoolReport report, Mapping current, DateTimeOffset now)
    {
        var counts = Counts(report.Status);
        foreach (var (family, suffix) in Families)
        {
            counts[$"reserved{suffix}"] = Of(report.Status, family)?.Reserved ?? 0;
            counts[$"quarantined{suffix}"] = Of(report.Status, family)?.Quarantined ?? 0;
        }
        counts["conditions"] = new JsonArray(Ready(report).ToJson(current, now));
        return Patch.Apply(
            new JsonObject
            {
                ["apiVersion"] = report.Object.ApiVersion,
                ["kind"] = report.Object.Kind,
                ["metadata"] = Identity(report.Object),
                ["status"] = counts,
            },
            FieldManager,
            force: true);
    }

    /// <summary>MetalLB's IPAddressPool.</summary>
    public static Patch MetalLb(PoolReport report) =>
        Patch.Merge(new JsonObject { ["metadata"] = Identity(report.Object), ["status"] = Counts(report.Status) });

    /// <summary>OpenELB's Eip, with every address that is held.</summary>
    public static Patch OpenElb(PoolReport report, Mapping current)
    {
        var held = report.Status.Families.Sum(family => (long)family.Held);
        var size = report.Status.Families.Aggregate(UInt128.Zero, (sum, family) => sum + family.Total);
        var ranges = report.Status.Ranges;
        var status = new JsonObject
        {
            ["occupied"] = (UInt128)held >= size,
            ["usage"] = held,
            ["poolSize"] = Number(size),
            ["firstIP"] = ranges[0].First.ToString(),
            ["lastIP"] = ranges[^1].Last.ToString(),
            ["ready"] = !report.Status.Disabled,
            ["v4"] = ranges[0].Family == IpFamily.IPv4,
            ["used"] = Used(report, current),
        };
        return Patch.Merge(new JsonObject { ["metadata"] = Identity(report.Object), ["status"] = status });
    }

    private static readonly (IpFamily Family, string Suffix)[] Families = [(IpFamily.IPv4, "IPv4"), (IpFamily.IPv6, "IPv6")];

    private static JsonObject Counts(PoolStatus status)
    {
        var counts = new JsonObject();
        foreach (var (family, suffix) in Families)
        {
            counts[$"assigned{suffix}"] = Of(status, family)?.Held ?? 0;
            counts[$"available{suffix}"] = Number(Of(status, family)?.Free ?? 0);
        }
        return counts;
    }

    /// <summary>A pool with nothing left to give is ready all the same: it serves those that it gave to.</summary>
    private static Condition Ready(PoolReport report) => report.Status switch
    {
        { Disabled: true } => new("Ready", false, nameof(Reason.PoolDisabled), "the pool is disabled: it keeps what it gave and gives out nothing new.",
            report.Object.Generation),
        { Families: var families } when families.All(family => family.Free == 0) =>
            new("Ready", true, nameof(Reason.PoolExhausted), "every address of the pool is taken; add a range, or delete a service that holds one.",
                report.Object.Generation),
        _ => new("Ready", true, nameof(Reason.ConfigurationAccepted), "the pool gives out addresses.", report.Object.Generation),
    };

    /// <summary>A merge removes only what it names: addresses that are held no more are named with nothing.</summary>
    private static JsonObject Used(PoolReport report, Mapping current)
    {
        var used = new JsonObject();
        if ((current["status"] as Mapping)?["used"] is Mapping before)
        {
            foreach (var field in before.Fields) used[field.Name] = null;
        }
        foreach (var use in report.Uses) used[use.Address.ToString()] = string.Join(';', use.Holders);
        return used;
    }

    /// <summary>With its uid, so that a namesake is left alone.</summary>
    private static JsonObject Identity(ObjectReference source)
    {
        var identity = new JsonObject { ["name"] = source.Name };
        if (source.Uid.Length > 0) identity["uid"] = source.Uid;
        return identity;
    }

    private static FamilyCount? Of(PoolStatus status, IpFamily family) => status.Families.FirstOrDefault(count => count.Family == family);

    private static long Number(UInt128 value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
