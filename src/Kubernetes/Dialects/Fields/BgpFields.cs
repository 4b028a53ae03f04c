using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Fields of BGP objects that several dialects have in common.</summary>
internal static class BgpFields
{
    /// <summary>RFC 4271 §4.2: zero, or 3 to 65535 seconds.</summary>
    private static readonly TimeSpan LeastHoldTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MostSeconds = TimeSpan.FromSeconds(ushort.MaxValue);

    public static EquatableList<Community> Communities(this FieldReader fields, string name)
    {
        var texts = fields.Texts(name);
        var communities = new List<Community>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (CommunityNames.Parse(texts[i], out var fault) is not { } community) fields.Error($"{name}[{i}]", $"invalid community: {fault}");
            else if (communities.Contains(community))
            {
                fields.Error($"{name}[{i}]", $"duplicate definition of community: '{texts[i]}' is in the list twice; remove one.");
            }
            else communities.Add(community);
        }
        return communities.ToEquatableList();
    }

    /// <summary>A name for a community must not read as a value, and the value must be one.</summary>
    public static IEnumerable<(string Name, Community Value)> Aliases(this FieldReader fields, string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in fields.Objects(name))
        {
            var (alias, text) = (item.RequiredText("name"), item.RequiredText("value"));
            item.End();
            if (alias is null || text is null) continue;
            if (!seen.Add(alias)) fields.Problems.Error(item.At("name"), $"duplicate definition of community '{alias}'; give each name once.");
            if (item.CommunityValue("value", text) is { } value) yield return (alias, value);
        }
    }

    public static Community? CommunityValue(this FieldReader fields, string name, string text)
    {
        var community = CommunityNames.Parse(text, out var fault);
        if (community is Community.Named) fault = $"'{text}' is a name; an alias needs a value, such as 64500:100 or large:64500:1:2.";
        if (fault is null) return community;
        fields.Error(name, $"invalid community: {fault}");
        return null;
    }

    /// <summary>Hold and keepalive time; of a pair of which one is given, the other follows (RFC 4271 §10: a third).</summary>
    public static (TimeSpan? Hold, TimeSpan? Keepalive) HoldAndKeepalive(this FieldReader fields, string holdName, string keepaliveName)
    {
        var hold = fields.Duration(holdName);
        var keepalive = fields.Duration(keepaliveName);
        if (hold is { } given && given != TimeSpan.Zero && (given < LeastHoldTime || given > MostSeconds))
        {
            fields.Error(holdName, $"invalid hold time {given.TotalSeconds} s: must be 0 or >=3s, and at most 65535s (RFC 4271 §4.2).");
        }
        if (keepalive > (hold ?? MostSeconds)) fields.Error(keepaliveName, "invalid keepaliveTime, must be lower than holdTime.");
        return (hold ?? (keepalive is { } only ? TimeSpan.FromSeconds(Math.Clamp(only.TotalSeconds * 3, 3, ushort.MaxValue)) : null), keepalive ?? hold / 3);
    }

    public static TimeSpan? WholeSeconds(this FieldReader fields, string name)
    {
        if (fields.Duration(name) is not { } duration) return null;
        if (duration >= TimeSpan.FromSeconds(1) && duration <= MostSeconds && duration.Ticks % TimeSpan.TicksPerSecond == 0) return duration;
        fields.Error(name, $"invalid value {duration.TotalSeconds} s, must be whole seconds in 1-65535.");
        return null;
    }

    /// <summary>The other side's AS: a number, or only whether it is ours.</summary>
    public static RemoteAs? RemoteAs(this FieldReader fields)
    {
        var number = (uint?)fields.Number("peerASN", 0, uint.MaxValue);
        var isGiven = fields.Has("peerASN") && number != 0; // zero is how a schema's default says that there is none
        var dynamic = fields.Text("dynamicASN");
        if (isGiven && dynamic is not null)
        {
            fields.Error("dynamicASN", "both peer ASN and dynamicASN specified; give one of them.");
            return null;
        }
        if (isGiven) return number is { } asn ? new RemoteAs.Number(asn) : null;
        return dynamic switch
        {
            "internal" => new RemoteAs.Internal(),
            "external" => new RemoteAs.External(),
            null => Fault("peerASN", "missing peer ASN and dynamicASN; give one of them."),
            _ => Fault("dynamicASN", $"invalid dynamicASN '{dynamic}'; it is internal or external."),
        };

        RemoteAs? Fault(string name, string message)
        {
            fields.Error(name, message);
            return null;
        }
    }

    public static bool IsInternal(RemoteAs? remote, uint? localAsn) =>
        remote is Core.Configuration.RemoteAs.Internal || (remote is RemoteAs.Number number && number.Asn == localAsn);
}
