namespace OrleansLb.Protocols.Bgp;

/// <summary>Judges the body of a received UPDATE (RFC 4271 §4.3, §6.3, revised by RFC 7606).</summary>
public static class UpdateReader
{
    /// <summary>Never throws: each fault ends in what RFC 7606 makes of it.</summary>
    public static ReceivedUpdate Read(ReadOnlySpan<byte> body, UpdateFormat format)
    {
        if (!UpdateSections.TrySplit(body, out var sections)) return Reset(UpdateMessageError.MalformedAttributeList);
        var addPath = format.HasAddPath(Family.Ipv4Unicast);
        var parsed = NlriReader.TryCount(sections.Withdrawn, Afi.Ipv4, addPath, out var withdrawn);
        parsed &= NlriReader.TryCount(sections.Nlri, Afi.Ipv4, addPath, out var announced);
        if (!parsed) return Reset(UpdateMessageError.InvalidNetworkField); // RFC 7606 §5.3

        var attributes = new AttributeReader(format);
        attributes.ReadAll(sections.Attributes);
        if (announced + attributes.Reach.Count > 0) attributes.RequireWellKnown(nextHop: announced > 0);
        return Outcome(attributes, new(Family.Ipv4Unicast, announced), new(Family.Ipv4Unicast, withdrawn), EndOfRib(body, sections, attributes));
    }

    private static ReceivedUpdate Outcome(AttributeReader attributes, FamilyCount announced, FamilyCount withdrawn, Family? endOfRib)
    {
        var update = new ReceivedUpdate(attributes.Attributes, announced.Count + attributes.Reach.Count,
            withdrawn.Count + attributes.Unreach.Count, attributes.Faults, endOfRib, Notification: null);
        return update.Action switch
        {
            FaultAction.SessionReset => update with { Notification = OfReset(update.Faults) },
            FaultAction.TreatAsWithdraw => update with { Announced = 0, Withdrawn = update.Withdrawn + update.Announced },
            _ => update,
        };
    }

    private static Notification OfReset(ValueList<UpdateFault> faults)
    {
        var fatal = faults.First(fault => fault.Action == FaultAction.SessionReset);
        return Notification.Update(fatal.Error, fatal.Data);
    }

    // No routes at all, or an MP_UNREACH_NLRI without routes and nothing else (RFC 4724 §2).
    private static Family? EndOfRib(ReadOnlySpan<byte> body, UpdateSections sections, AttributeReader attributes)
    {
        const int EmptyUnreachLength = 6, ExtendedEmptyUnreachLength = 7;
        if (body.Length == UpdateSections.MinLength) return Family.Ipv4Unicast;
        if (sections.Withdrawn.Length + sections.Nlri.Length > 0 || attributes.Unreach is not { Count: 0, Family.MaxPrefixLength: > 0 }) return null;
        return sections.Attributes.Length is EmptyUnreachLength or ExtendedEmptyUnreachLength ? attributes.Unreach.Family : null;
    }

    private static ReceivedUpdate Reset(UpdateMessageError error) =>
        new(PathAttributes.None, 0, 0, [new UpdateFault(error, FaultAction.SessionReset)], null, Notification.Update(error));
}
