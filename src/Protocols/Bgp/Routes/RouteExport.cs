namespace OrleansLb.Protocols.Bgp;

/// <summary>Why a route is not announced to a peer.</summary>
public enum NotAdvertised
{
    None,

    /// <summary>The peer does not take routes of this family.</summary>
    FamilyNotNegotiated,

    /// <summary>The session has no address that could be the next hop of this family.</summary>
    NoNextHop,

    /// <summary>The attributes do not fit into one message.</summary>
    AttributesTooLong,

    /// <summary>Another path to the same prefix is announced, and the peer takes only one.</summary>
    AnotherPath,
}

/// <summary>What the session adds to a route.</summary>
public sealed record ExportSettings
{
    /// <summary>Next hop of IPv4 routes that do not name their own.</summary>
    public NextHop? Ipv4NextHop { get; init; }

    /// <summary>Next hop of IPv6 routes, and of IPv4 routes where RFC 8950 is in use and there is no IPv4 one.</summary>
    public NextHop? Ipv6NextHop { get; init; }

    /// <summary>What stands in the AS_PATH behind the AS of the session towards external peers, such as the real AS behind a local-as.</summary>
    public ValueList<Asn> BehindLocalAs { get; init; }

    public BgpRole? Role { get; init; }

    /// <summary>For internal peers, where a route names none.</summary>
    public uint DefaultLocalPref { get; init; } = 100;
}

/// <summary>Turns what shall be announced into what one peer is told (RFC 4271 §5.1, §9.1.3).</summary>
public sealed class RouteExport(SessionParameters session, ExportSettings settings)
{
    private const int MostRemembered = 4096;
    private const int RoomForRoutes = 128; // header, lengths, the frame of MP_REACH_NLRI and one route

    private readonly Dictionary<(PathAttributes, Family), (PathAttributes?, NotAdvertised)> _known = [];
    private (PathAttributes? Attributes, Family Family) _last;
    private (PathAttributes? Exported, NotAdvertised Reason) _answer;

    public SessionParameters Session => session;

    /// <summary>
    /// The attributes on the wire, or null and the reason. Most routes share them with the one before: references are compared first, values second, and
    /// only what is new is exported. Not for several threads at once.
    /// </summary>
    public PathAttributes? Apply(PathAttributes attributes, Family family, out NotAdvertised reason)
    {
        if (!ReferenceEquals(_last.Attributes, attributes) || _last.Family != family)
        {
            _answer = Remembered(attributes, family);
            _last = (attributes, family);
        }

        reason = _answer.Reason;
        return _answer.Exported;
    }

    private (PathAttributes?, NotAdvertised) Remembered(PathAttributes attributes, Family family)
    {
        if (_known.TryGetValue((attributes, family), out var answer)) return answer;
        if (_known.Count >= MostRemembered) _known.Clear();
        var exported = Export(attributes, family, out var reason);
        return _known[(attributes, family)] = (exported, reason);
    }

    private PathAttributes? Export(PathAttributes attributes, Family family, out NotAdvertised reason)
    {
        reason = NotAdvertised.FamilyNotNegotiated;
        if (!session.Has(family)) return null;
        reason = NotAdvertised.NoNextHop;
        if (NextHopFor(attributes, family) is not { } nextHop) return null;
        var exported = (session.IsInternal ? ToInternal(attributes) : ToExternal(attributes)) with
        {
            Origin = attributes.Origin ?? Origin.Igp,
            NextHop = nextHop,
            Communities = Canonical(attributes.Communities),
            LargeCommunities = Canonical(attributes.LargeCommunities),
        };
        reason = Fits(exported) ? NotAdvertised.None : NotAdvertised.AttributesTooLong;
        return reason == NotAdvertised.None ? exported : null;
    }

    private NextHop? NextHopFor(PathAttributes attributes, Family family)
    {
        if (attributes.NextHop is { } own && CanCarry(own, family)) return own;
        if (family == Family.Ipv4Unicast && settings.Ipv4NextHop is { } four) return four;
        return settings.Ipv6NextHop is { } six && CanCarry(six, family) ? six : null;
    }

    private bool CanCarry(NextHop hop, Family family) => hop.Afi == family.Afi || (hop.Afi == Afi.Ipv6 && session.Send.ExtendedNextHop);

    private PathAttributes ToInternal(PathAttributes attributes) => attributes with
    {
        AsPath = attributes.AsPath ?? AsPath.Empty,
        LocalPref = attributes.LocalPref ?? settings.DefaultLocalPref,
        ExtendedCommunities = Canonical(attributes.ExtendedCommunities),
    };

    private PathAttributes ToExternal(PathAttributes attributes) => attributes with
    {
        AsPath = Prepend(attributes.AsPath),
        LocalPref = null, // RFC 4271 §5.1.5
        ExtendedCommunities = Canonical<ExtendedCommunity>([.. attributes.ExtendedCommunities.Where(each => each.IsTransitive)]),
        OnlyToCustomer = attributes.OnlyToCustomer ?? (settings.Role?.MarksOnlyToCustomer() == true ? session.Local.Asn : null),
    };

    private AsPath Prepend(AsPath? path)
    {
        ValueList<Asn> own = [session.Local.Asn, .. settings.BehindLocalAs.AsSpan()];
        var segments = (path ?? AsPath.Empty).Segments.AsSpan();
        return segments is [{ Type: AsPathSegmentType.Sequence } first, .. var rest]
            ? new([first with { Asns = [.. own.AsSpan(), .. first.Asns.AsSpan()] }, .. rest])
            : new([new AsPathSegment(AsPathSegmentType.Sequence, own), .. segments]);
    }

    private bool Fits(PathAttributes exported)
    {
        Span<byte> scratch = stackalloc byte[BgpHeader.MaxLength - RoomForRoutes];
        var writer = new WireWriter(scratch);
        AttributeWriter.Write(ref writer, exported, session.Send, withNextHop: true);
        return !writer.Overrun;
    }

    // Sorted, each once (RFC 8092 §5), so that equal sets make equal attributes.
    private static ValueList<T> Canonical<T>(ValueList<T> list) where T : IComparable<T> =>
        list.Count < 2 ? list : [.. list.Distinct().Order()];
}
