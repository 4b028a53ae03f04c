using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
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
            .OrderBy(holder => holder.Service)
            .ToEquatableList();
        return new AddressClaim(address, new PoolName(claim.Spec.Pool ?? ""), holders, claim.Spec.SharingKey, Reserved(claim.Spec, holders.Count), claim.Metadata.ResourceVersion ?? "");
    }

    public static AddressClaimObject Write(AddressClaim claim) => new()
    {
        Metadata = new ObjectMeta { Name = ClaimNames.Of(claim.Address), ResourceVersion = claim.Version.Length == 0 ? null : claim.Version },
        Spec = new AddressClaimSpec
        {
            Address = claim.Address.ToString(),
            Pool = claim.Pool.Value is { Length: > 0 } pool ? pool : null,
            Holders = [.. claim.Holders.Select(holder => new AddressClaimHolder { Namespace = holder.Service.Namespace, Name = holder.Service.Name, Uid = holder.Uid })],
            SharingKey = claim.SharingKey,
            Reservation = claim.Reserved is { } reserved ? new AddressClaimReservation { Namespace = reserved.Namespace, Name = reserved.Name } : null,
        },
    };

    // A claim that somebody made by hand and that names nobody keeps the address from everybody.
    private static Reservation? Reserved(AddressClaimSpec spec, int holders)
    {
        if (spec.Reservation is { } reservation) return new Reservation(Text(reservation.Namespace), Text(reservation.Name));
        return holders == 0 ? new Reservation(null, null) : null;
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
