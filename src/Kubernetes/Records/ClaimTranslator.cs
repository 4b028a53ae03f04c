using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>Translates claims to their objects and back.</summary>
internal static class ClaimTranslator
{
    /// <summary>Null for an object that is no claim: without an address, or under a name that is not the address's own, so that it claims nothing.</summary>
    public static AddressClaim? Read(AddressClaimObject claim)
    {
        if (!Address.TryParse(claim.Spec?.Address, out var address) || claim.Metadata.Name != ClaimNames.Of(address)) return null;
        var holders = (claim.Spec.Holders ?? [])
            .Select(holder => new ClaimHolder(new ServiceName(holder.Namespace, holder.Name), holder.Uid))
            .ToEquatableList();
        return new AddressClaim(
            address, new PoolName(claim.Spec.Pool ?? ""), holders, claim.Spec.SharingKey, Reserved(claim.Spec, holders.Count),
            claim.Metadata.ResourceVersion ?? "", Quarantined(claim.Spec),
            claim.Spec.Released?.Value);
    }

    /// <summary>The object that creates the claim.</summary>
    public static AddressClaimObject Create(AddressClaim claim) => new()
    {
        Metadata = new ObjectMeta { Name = ClaimNames.Of(claim.Address) },
        Spec = new AddressClaimSpec
        {
            Address = claim.Address.ToString(),
            Pool = claim.Pool.Value is { Length: > 0 } pool ? pool : null,
            Holders = [.. claim.Holders.Select(holder =>
                new AddressClaimHolder { Namespace = holder.Service.Namespace, Name = holder.Service.Name, Uid = holder.Uid })],
            SharingKey = claim.SharingKey,
            Reservation = claim.Reserved is { } reserved
                ? new AddressClaimReservation { Namespace = reserved.Namespace, Name = reserved.Name, Until = Micro(reserved.Until) }
                : null,
        },
    };

    /// <summary>What an update writes: our fields, so that labels and notes that people put on a claim stay; only if the version still stands.</summary>
    public static Patch Update(AddressClaim claim)
    {
        var spec = new JsonObject
        {
            ["pool"] = claim.Pool.Value is { Length: > 0 } pool ? pool : null,
            ["holders"] = new JsonArray([.. claim.Holders.Select(Holder)]),
            ["sharingKey"] = claim.SharingKey,
            ["reservation"] = claim.Reserved is { } reserved ? Reservation(reserved) : null,
            ["quarantine"] = claim.Quarantine is { } quarantine ? Quarantine(quarantine) : null,
            ["released"] = Micro(claim.Released)?.ToString(),
        };
        return Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = claim.Version }, ["spec"] = spec });
    }

    private static JsonObject Holder(ClaimHolder holder) =>
        new() { ["namespace"] = holder.Service.Namespace, ["name"] = holder.Service.Name, ["uid"] = holder.Uid };

    private static JsonObject Reservation(Reservation reserved) =>
        new() { ["namespace"] = reserved.Namespace, ["name"] = reserved.Name, ["until"] = Micro(reserved.Until)?.ToString() };

    private static JsonObject Quarantine(Quarantine quarantine) => new()
    {
        ["mac"] = quarantine.Holder.ToString(),
        ["node"] = quarantine.Node.Value,
        ["interface"] = quarantine.Interface,
        ["until"] = new MicroTime(quarantine.Until).ToString(),
    };

    private static MicroTime? Micro(DateTimeOffset? time) => time is { } known ? new MicroTime(known) : null;

    private static Quarantine? Quarantined(AddressClaimSpec spec)
    {
        if (spec.Quarantine is not { } quarantine) return null;
        _ = HardwareAddress.TryParse(quarantine.Mac, out var mac); // one that somebody misspelt is in quarantine all the same
        return new(mac, new(quarantine.Node), quarantine.Interface, quarantine.Until.Value);
    }

    // A claim that somebody made by hand and that names nobody keeps the address from everybody.
    private static Reservation? Reserved(AddressClaimSpec spec, int holders)
    {
        if (spec.Reservation is { } reservation) return new Reservation(Text(reservation.Namespace), Text(reservation.Name), reservation.Until?.Value);
        return holders == 0 && spec.Quarantine is null && spec.Released is null ? new Reservation(null, null) : null;
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
