using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

/// <summary>Every malformed UPDATE of RFC 7606, and what is made of it.</summary>
public class UpdateFaultTests
{
    private const string Origin = "400101 00 ", Path = "400206 0201 0000fde9 ", Hop = "400304 c0000202 ", Good = Origin + Path + Hop;
    private const string Route = "20 cb007101";

    private static readonly UpdateFormat External = Wire.FourOctets;
    private static readonly UpdateFormat Internal = External with { IsInternal = true };

    public static IEnumerable<TheoryDataRow<string, UpdateMessageError, FaultAction>> Attributes =>
    [
        Fault("400101 03 " + Path + Hop, UpdateMessageError.InvalidOrigin, FaultAction.TreatAsWithdraw, "ORIGIN 3"),
        Fault("400102 0000 " + Path + Hop, UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "ORIGIN of two octets"),
        Fault("c00101 00 " + Path + Hop, UpdateMessageError.AttributeFlagsError, FaultAction.TreatAsWithdraw, "ORIGIN flagged optional"),
        Fault(Path + Hop, UpdateMessageError.MissingWellKnownAttribute, FaultAction.TreatAsWithdraw, "no ORIGIN"),
        Fault(Origin + Hop, UpdateMessageError.MissingWellKnownAttribute, FaultAction.TreatAsWithdraw, "no AS_PATH"),
        Fault(Origin + Path, UpdateMessageError.MissingWellKnownAttribute, FaultAction.TreatAsWithdraw, "no NEXT_HOP"),
        Fault(Origin + "400206 0501 0000fde9 " + Hop, UpdateMessageError.MalformedAsPath, FaultAction.TreatAsWithdraw, "AS_PATH with an unknown segment"),
        Fault(Origin + "400206 0202 0000fde9 " + Hop, UpdateMessageError.MalformedAsPath, FaultAction.TreatAsWithdraw, "AS_PATH with a segment that runs over"),
        Fault(Origin + "400207 0201 0000fde9 02 " + Hop, UpdateMessageError.MalformedAsPath, FaultAction.TreatAsWithdraw, "AS_PATH with half a segment head"),
        Fault(Origin + "400202 0200 " + Hop, UpdateMessageError.MalformedAsPath, FaultAction.TreatAsWithdraw, "AS_PATH with an empty segment"),
        Fault(Origin + "400206 0201 00000000 " + Hop, UpdateMessageError.MalformedAsPath, FaultAction.TreatAsWithdraw, "AS_PATH with AS 0"),
        Fault(Origin + Path + "400303 c00002 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "NEXT_HOP of three octets"),
        Fault(Origin + Path + "400304 e0000001 ", UpdateMessageError.InvalidNextHop, FaultAction.TreatAsWithdraw, "NEXT_HOP multicast"),
        Fault(Good + "800403 000000 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "MED of three octets"),
        Fault(Good + "400601 00 ", UpdateMessageError.AttributeLengthError, FaultAction.AttributeDiscard, "ATOMIC_AGGREGATE with a value"),
        Fault(Good + "c00706 fde9 c0000201 ", UpdateMessageError.AttributeLengthError, FaultAction.AttributeDiscard,
            "AGGREGATOR of two octets where four are spoken"),
        Fault(Good + "c00708 00000000 c0000201 ", UpdateMessageError.OptionalAttributeError, FaultAction.AttributeDiscard, "AGGREGATOR of AS 0"),
        Fault(Good + "c00803 fde900 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "COMMUNITIES of three octets"),
        Fault(Good + "c00800 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "COMMUNITIES of none"),
        Fault(Good + "c01007 00020000000000 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "EXTENDED_COMMUNITIES of seven octets"),
        Fault(Good + "c02008 0000000000000000 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "LARGE_COMMUNITIES of eight octets"),
        Fault(Good + "c01104 0201 0001 ", UpdateMessageError.OptionalAttributeError, FaultAction.AttributeDiscard, "AS4_PATH malformed"),
        Fault(Good + "c01207 00010000c00002 ", UpdateMessageError.AttributeLengthError, FaultAction.AttributeDiscard, "AS4_AGGREGATOR of seven octets"),
        Fault(Good + "c02303 000100 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "ONLY_TO_CUSTOMER of three octets"),
        Fault(Good + "40c801 00 ", UpdateMessageError.UnrecognizedWellKnownAttribute, FaultAction.TreatAsWithdraw,
            "an unknown attribute that calls itself well-known"),
        Fault(Good + "400101 01 ", UpdateMessageError.MalformedAttributeList, FaultAction.AttributeDiscard, "ORIGIN twice"),
        Fault(Good + "c008ff fde90000 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "an attribute longer than the field"),
        Fault(Good + "c0 ", UpdateMessageError.AttributeLengthError, FaultAction.TreatAsWithdraw, "half an attribute head"),
    ];

    [Theory, MemberData(nameof(Attributes))]
    public void A_fault_in_an_attribute_never_ends_the_session(string attributes, UpdateMessageError error, FaultAction action)
    {
        var update = Judge(External, "", attributes, Route);
        Assert.Contains(update.Faults, fault => fault.Error == error && fault.Action == action);
        Assert.Equal(action, update.Action);
        Assert.Null(update.Notification);
        Assert.Equal(action == FaultAction.TreatAsWithdraw ? (0, 1) : (1, 0), (update.Announced, update.Withdrawn));
    }

    // RFC 7606 §7.1 to §7.15, RFC 6793 §6, RFC 8092 §6, RFC 9234 §5: type, right flags, a right value, and what follows when it is malformed.
    public static IEnumerable<TheoryDataRow<AttributeType, byte, string, FaultAction>> Kinds =>
    [
        new(AttributeType.Origin, 0x40, "00", FaultAction.TreatAsWithdraw),
        new(AttributeType.NextHop, 0x40, "c0000202", FaultAction.TreatAsWithdraw),
        new(AttributeType.MultiExitDisc, 0x80, "00000001", FaultAction.TreatAsWithdraw),
        new(AttributeType.LocalPref, 0x40, "00000001", FaultAction.TreatAsWithdraw),
        new(AttributeType.Aggregator, 0xc0, "0000fde9c0000201", FaultAction.AttributeDiscard),
        new(AttributeType.Communities, 0xc0, "fde90001", FaultAction.TreatAsWithdraw),
        new(AttributeType.OriginatorId, 0x80, "c0000201", FaultAction.TreatAsWithdraw),
        new(AttributeType.ClusterList, 0x80, "c0000201", FaultAction.TreatAsWithdraw),
        new(AttributeType.ExtendedCommunities, 0xc0, "0002fde900000001", FaultAction.TreatAsWithdraw),
        new(AttributeType.As4Aggregator, 0xc0, "0000fde9c0000201", FaultAction.AttributeDiscard),
        new(AttributeType.Ipv6ExtendedCommunities, 0xc0, "000220010db800000000000000000000000100ff", FaultAction.TreatAsWithdraw),
        new(AttributeType.LargeCommunities, 0xc0, "0000fde90000000100000002", FaultAction.TreatAsWithdraw),
        new(AttributeType.OnlyToCustomer, 0xc0, "0000fde9", FaultAction.TreatAsWithdraw),
    ];

    [Theory, MemberData(nameof(Kinds))]
    public void Each_kind_of_attribute_with_another_length_or_other_flags_is_judged_by_its_rule(AttributeType type, byte flags, string value,
        FaultAction onLength)
    {
        var octets = Hex.Bytes(value);
        var others = new[] { (AttributeType.Origin, Origin), (AttributeType.AsPath, Path), (AttributeType.NextHop, Hop) }.Where(each => each.Item1 != type)
            .Select(each => each.Item2);
        ReceivedUpdate With(byte flag, byte[] bytes) =>
            Judge(Internal, "", string.Concat(others) + Convert.ToHexString([flag, (byte)type, (byte)bytes.Length, .. bytes]), Route);

        Assert.Equal([], With(flags, octets).Faults);
        foreach (var wrong in new[] { octets[..^1], [.. octets, 0], [] })
        {
            var update = With(flags, wrong);
            Assert.Equal((UpdateMessageError.AttributeLengthError, onLength, type),
                (update.Faults[0].Error, update.Faults[0].Action, update.Faults[0].Attribute));
            Assert.Null(update.Notification);
        }

        foreach (var bit in new byte[] { 0x80, 0x40 }) // Optional, Transitive
        {
            var update = With((byte)(flags ^ bit), octets);
            // RFC 7606 §3 c
            Assert.Equal((UpdateMessageError.AttributeFlagsError, FaultAction.TreatAsWithdraw), (update.Faults[0].Error, update.Faults[0].Action));
            Assert.Null(update.Notification);
        }
    }

    public static IEnumerable<TheoryDataRow<string, string, string, UpdateMessageError, string>> Resets =>
    [
        new("", Good, "21 cb00710100", UpdateMessageError.InvalidNetworkField, "") { TestDisplayName = "a prefix longer than 32" },
        new("", Good, "20 cb0071", UpdateMessageError.InvalidNetworkField, "") { TestDisplayName = "a prefix cut off" },
        new("20 cb", Good, Route, UpdateMessageError.InvalidNetworkField, "") { TestDisplayName = "a withdrawn prefix cut off" },
        new("", Good + "800e01 00 ", "", UpdateMessageError.OptionalAttributeError, "800e01 00") { TestDisplayName = "MP_REACH_NLRI without a family" },
        new("", Good + "900f0002 0002 ", "", UpdateMessageError.OptionalAttributeError,
            "900f0002 0002") { TestDisplayName = "MP_UNREACH_NLRI without a family" },
        new("", "800f03 000201 800f03 000201 ", "", UpdateMessageError.MalformedAttributeList, "") { TestDisplayName = "MP_UNREACH_NLRI twice" },
    ];

    [Theory, MemberData(nameof(Resets))]
    public void What_hides_the_routes_ends_it_and_the_peer_is_shown_the_attribute(string withdrawn, string attributes, string nlri, UpdateMessageError error,
        string data)
    {
        var update = Judge(External, withdrawn, attributes, nlri);
        Assert.Equal(FaultAction.SessionReset, update.Action);
        Assert.Equal(Notification.Update(error, [.. Hex.Bytes(data)]), update.Notification);
    }

    [Theory]
    [InlineData("0005 20cb007101 ffff")]
    [InlineData("ffff 0000")]
    [InlineData("0000 0001")]
    public void So_do_lengths_that_do_not_add_up(string body) =>
        Assert.Equal(Notification.Update(UpdateMessageError.MalformedAttributeList), UpdateReader.Read(Hex.Bytes(body), External).Notification);

    [Theory]
    [InlineData("800e0a 0002 01 04 c0000201 00 00", UpdateMessageError.OptionalAttributeError)] // an IPv4 next hop
    [InlineData("800e09 0002 01 03 c00002 00 00", UpdateMessageError.OptionalAttributeError)] // no next hop at all
    [InlineData("800e17 0002 01 10 20010db8000000000000000000000001 00 81 00", UpdateMessageError.InvalidNetworkField)] // longer than 128
    [InlineData("800f05 0002 01 81 00", UpdateMessageError.InvalidNetworkField)]
    public void A_family_that_cannot_be_read_is_ignored_from_then_on(string attribute, UpdateMessageError error)
    {
        var update = Judge(External, "", Origin + Path + attribute, "");
        Assert.Contains(new UpdateFault(error, FaultAction.DisableFamily, update.Faults[0].Attribute, Family.Ipv6Unicast), update.Faults);
        Assert.Null(update.Notification);
    }

    [Theory]
    [InlineData("400504 000000c8", 200u)]
    [InlineData("400503 0000c8", null)]
    public void Local_pref_of_an_external_peer_is_dropped_unread(string attribute, uint? inside)
    {
        var external = Judge(External, "", Good + attribute, Route);
        Assert.Equal((null, 0, 1), (external.Attributes.LocalPref, external.Faults.Count, external.Announced));
        var local = Judge(Internal, "", Good + attribute, Route);
        Assert.Equal((inside, inside is null ? FaultAction.TreatAsWithdraw : null), (local.Attributes.LocalPref, local.Action));
    }

    [Fact]
    public void An_unknown_optional_attribute_is_kept_as_it_came()
    {
        var update = Judge(External, "", Good + "e0c803 010203", Route);
        Assert.Equal([new RawAttribute((AttributeFlags)0xe0, (AttributeType)200, [1, 2, 3])], update.Attributes.Unknown);
        Assert.Equal([], update.Faults);
    }

    [Fact]
    public void Routes_of_a_family_that_nobody_asked_for_are_passed_over()
    {
        var update = Judge(External, "", Origin + Path + "800e0d 0019 41 04 c0000201 00 ff ff ff ff", "");
        Assert.Equal((0, 0, null), (update.Announced, update.Faults.Count, update.Notification));
    }

    private static ReceivedUpdate Judge(UpdateFormat format, string withdrawn, string attributes, string nlri) =>
        UpdateReader.Read(Wire.Update(withdrawn, attributes, nlri).AsSpan(BgpHeader.Length), format);

    private static TheoryDataRow<string, UpdateMessageError, FaultAction> Fault(string attributes, UpdateMessageError error, FaultAction action, string name) =>
        new(attributes, error, action) { TestDisplayName = name };
}
