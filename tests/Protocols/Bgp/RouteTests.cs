using System.Net;
using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

public class RouteTests
{
    private static readonly NextHop Four = NextHop.Parse("192.0.2.1"), Six = NextHop.Parse("2001:db8::1");
    private static readonly ExportSettings Hops = new() { Ipv4NextHop = Four, Ipv6NextHop = Six };

    [Fact]
    public void Ten_thousand_routes_of_the_same_attributes_fill_thirteen_messages()
    {
        var routes = Hosts(10_000);
        var cursor = new UpdateCursor(Wire.FourOctets, RouteChanges.Between(RouteSet.Empty, Select(Session(), Hops, routes).Routes));
        Assert.Equal(10_000, Drain(cursor, Wire.FourOctets).Announced);
        Assert.Equal(13, cursor.Messages); // (4096 - 43) / 5 = 810 a message
    }

    [Fact]
    public void Extended_messages_take_them_all_in_one()
    {
        var format = Wire.FourOctets with { ExtendedMessages = true };
        var cursor = new UpdateCursor(format, RouteChanges.Between(RouteSet.Empty, Select(Session(), Hops, Hosts(10_000)).Routes));
        Assert.Equal(10_000, Drain(cursor, format).Announced);
        Assert.Equal(1, cursor.Messages);
    }

    [Fact]
    public void More_than_814_withdrawals_do_not_fit_into_one_message_and_are_split()
    {
        var known = Select(Session(), Hops, Hosts(2000)).Routes;
        var cursor = new UpdateCursor(Wire.FourOctets, RouteChanges.Between(known, RouteSet.Empty));
        Assert.Equal(2000, Drain(cursor, Wire.FourOctets).Withdrawn);
        Assert.Equal(3, cursor.Messages);
    }

    [Fact]
    public void Writing_updates_allocates_nothing_per_route()
    {
        var batches = RouteChanges.Between(RouteSet.Empty, Select(Session(), Hops, Hosts(20_000)).Routes);
        var room = new byte[BgpHeader.MaxExtendedLength];
        WriteAll(batches, room); // warm
        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteAll(batches, room);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // the cursor itself
    }

    [Fact]
    public void One_service_more_is_one_prefix_on_the_wire()
    {
        var before = Hosts(1000);
        var after = before.With(new(new(Prefix.Parse("198.51.100.1/32")), PathAttributes.None));
        var change = Assert.Single(RouteChanges.Between(Select(Session(), Hops, before).Routes, Select(Session(), Hops, after).Routes));
        Assert.Equal([new Nlri(Prefix.Parse("198.51.100.1/32"))], change.Routes.ToArray());
        Assert.NotNull(change.Attributes);
    }

    [Fact]
    public void One_route_more_or_less_among_a_hundred_thousand_costs_a_small_part_of_them()
    {
        var export = new RouteExport(Session(), Hops);
        var before = Hosts(100_000);
        var told = AdjRibOut.Select(export, before);
        var route = new Route(new(Prefix.Parse("10.0.200.200/31")), PathAttributes.None);
        OneMore(route); // warm
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (more, changes) = OneMore(route);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 200_000); // of some four million that a set has
        Assert.Equal([route.Nlri], Assert.Single(changes).Routes.ToArray());
        Assert.Equal((100_001, 100_000), (more.Routes.Count, told.Routes.Count));

        (AdjRibOut, IReadOnlyList<RouteBatch>) OneMore(Route one)
        {
            var next = AdjRibOut.Select(export, before.With(one), told);
            return (next, RouteChanges.Between(told.Routes, next.Routes));
        }
    }

    [Fact]
    public void Many_changes_one_by_one_lead_where_they_lead_at_once() =>
        Prop.ForAll(Gen.Choose(0, 3000).ArrayOf().Resize(400).ToArbitrary(), numbers =>
        {
            var export = new RouteExport(Session(), Hops);
            var set = Hosts(2000); // some pieces, half of what the numbers name
            var rib = AdjRibOut.Select(export, set);
            var wanted = set.ToArray().ToDictionary(route => route.Nlri);
            foreach (var number in numbers)
            {
                var route = Host(number);
                if (wanted.Remove(route.Nlri)) set = set.Without(route.Nlri);
                else set = set.With(wanted[route.Nlri] = route);
                rib = AdjRibOut.Select(export, set, rib);
            }

            var expected = AdjRibOut.Select(export, RouteSet.Of(wanted.Values));
            return set.Count == wanted.Count && rib.Routes.ToArray().SequenceEqual(expected.Routes.ToArray())
                && RouteChanges.Between(rib.Routes, expected.Routes).Count == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_plain_peer_gets_one_path_also_where_the_pieces_of_a_set_meet()
    {
        var prefix = Prefix.Parse("203.0.113.1/32");
        var routes = RouteSet.Of(Enumerable.Range(1, 2000).Select(path => new Route(new(prefix, (uint)path), PathAttributes.None)));
        var export = new RouteExport(Session(), Hops);
        var first = AdjRibOut.Select(export, routes);
        Assert.Equal((1, 1999), (first.Routes.Count, first.HeldBack.Count));
        var without = AdjRibOut.Select(export, routes.Without(new(prefix, 1)), first);
        Assert.Equal(new Nlri(prefix, 2), Assert.Single(without.Routes.ToArray()).Nlri);
    }

    [Fact]
    public void Equal_attributes_that_are_other_objects_are_no_change()
    {
        static RouteSet Set() => RouteSet.Of([new(new(Prefix.Parse("198.51.100.1/32")), new PathAttributes { Communities = [Community.NoExport] })]);
        Assert.Empty(RouteChanges.Between(Set(), Set()));
    }

    [Fact]
    public void What_a_peer_knows_after_the_changes_is_what_it_should_know() =>
        Prop.ForAll(BgpGenerators.RouteSets.ToArbitrary(), BgpGenerators.RouteSets.ToArbitrary(), (known, wanted) =>
        {
            var peer = known.ToArray().ToDictionary(route => route.Nlri, route => route.Attributes);
            foreach (var batch in RouteChanges.Between(known, wanted))
            {
                foreach (var nlri in batch.Routes.Span)
                {
                    if (batch.Attributes is null ? !peer.Remove(nlri) : peer.TryGetValue(nlri, out var old) && old == batch.Attributes) return false;
                    if (batch.Attributes is { } attributes) peer[nlri] = attributes;
                }
            }

            return peer.Count == wanted.Count && wanted.ToArray().All(route => peer[route.Nlri] == route.Attributes);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_set_of_routes_takes_and_gives_up_one_like_a_dictionary() =>
        Prop.ForAll(BgpGenerators.RouteSets.ToArbitrary(), BgpGenerators.RouteSets.Where(set => set.Count > 0).ToArbitrary(), (set, others) =>
        {
            var route = others.ToArray()[0];
            var with = set.With(route);
            var without = with.Without(route.Nlri);
            return with.Contains(route.Nlri) && with.Count == set.Count + (set.Contains(route.Nlri) ? 0 : 1)
                && !without.Contains(route.Nlri) && RouteChanges.Between(without, set.Without(route.Nlri)).Count == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_external_peer_sees_our_as_and_no_local_pref()
    {
        var exported = Export(Session(), Hops, new() { LocalPref = 200, MultiExitDisc = 5 });
        Assert.Equal((AsPath.Sequence(new Asn(64500)), null, 5u, Origin.Igp), (exported.AsPath, exported.LocalPref, exported.MultiExitDisc, exported.Origin));
    }

    [Fact]
    public void An_internal_peer_sees_an_empty_path_and_a_local_pref()
    {
        var exported = Export(Session(isInternal: true), Hops, new() { LocalPref = 200 });
        Assert.Equal((AsPath.Empty, 200u), (exported.AsPath, exported.LocalPref));
        Assert.Equal(100u, Export(Session(isInternal: true), Hops, PathAttributes.None).LocalPref);
    }

    [Fact]
    public void The_real_as_may_stand_behind_a_local_as() =>
        Assert.Equal(AsPath.Sequence(new Asn(64500), new Asn(65001)),
            Export(Session(), Hops with { BehindLocalAs = [new Asn(65001)] }, PathAttributes.None).AsPath);

    [Fact]
    public void Communities_go_out_sorted_and_once() =>
        Assert.Equal([new Community(1), new Community(2)],
            Export(Session(), Hops, new() { Communities = [new Community(2), new Community(1), new Community(2)] }).Communities);

    [Fact]
    public void A_non_transitive_community_stays_within_the_as()
    {
        var attributes = new PathAttributes { ExtendedCommunities = [ExtendedCommunity.LinkBandwidth(new(64500), 1000)] };
        Assert.Equal([], Export(Session(), Hops, attributes).ExtendedCommunities);
        Assert.Equal(attributes.ExtendedCommunities, Export(Session(isInternal: true), Hops, attributes).ExtendedCommunities);
    }

    [Theory]
    [InlineData(BgpRole.Provider, 64500u)]
    [InlineData(BgpRole.Peer, 64500u)]
    [InlineData(BgpRole.RouteServer, 64500u)]
    [InlineData(BgpRole.Customer, null)]
    [InlineData(BgpRole.RouteServerClient, null)]
    public void Routes_down_are_marked_only_to_customer(BgpRole role, uint? mark) =>
        Assert.Equal(mark, Export(Session(), Hops with { Role = role }, PathAttributes.None).OnlyToCustomer?.Value);

    [Theory]
    [InlineData("203.0.113.1/32", false, "192.0.2.1")]
    [InlineData("203.0.113.1/32", true, "192.0.2.1")]
    [InlineData("2001:db8::9/128", false, "2001:db8::1")]
    public void The_next_hop_is_of_the_family(string prefix, bool extendedNextHop, string expected) =>
        Assert.Equal(expected, Single(Select(Session(extendedNextHop), Hops, Set(prefix))).Attributes.NextHop.ToString());

    [Fact]
    public void An_ipv4_route_may_have_an_ipv6_next_hop_where_both_agreed() =>
        Assert.Equal(Six, Single(Select(Session(extendedNextHop: true), new ExportSettings { Ipv6NextHop = Six }, Set("203.0.113.1/32"))).Attributes.NextHop);

    public static IEnumerable<TheoryDataRow<RouteSet, ExportSettings, NotAdvertised>> HeldBack =>
    [
        new(Set("203.0.113.1/32"), new ExportSettings { Ipv6NextHop = Six }, NotAdvertised.NoNextHop) { TestDisplayName = "no IPv4 address" },
        new(Set("2001:db8::9/128"), new ExportSettings { Ipv4NextHop = Four }, NotAdvertised.NoNextHop) { TestDisplayName = "no IPv6 address" },
        new(RouteSet.Of([new(new(Prefix.Parse("203.0.113.1/32")), new() { Communities = [.. Enumerable.Range(0, 1100).Select(i => new Community((uint)i))] })]),
            Hops,
            NotAdvertised.AttributesTooLong) { TestDisplayName = "more communities than a message holds" },
    ];

    [Theory, MemberData(nameof(HeldBack))]
    public void A_route_that_cannot_be_told_is_held_back_with_the_reason(RouteSet routes, ExportSettings settings, NotAdvertised reason)
    {
        var selected = Select(Session(), settings, routes);
        Assert.Equal(0, selected.Routes.Count);
        Assert.Equal([new HeldBackRoute(routes.ToArray()[0].Nlri, reason)], selected.HeldBack);
    }

    [Fact]
    public void A_family_that_was_not_negotiated_is_held_back()
    {
        var session = Session() with { Families = [Family.Ipv4Unicast] };
        Assert.Equal([NotAdvertised.FamilyNotNegotiated], Select(session, Hops, Set("2001:db8::9/128")).HeldBack.Select(held => held.Reason));
    }

    [Fact]
    public void Of_several_paths_a_plain_peer_gets_one()
    {
        var nlri = new Nlri(Prefix.Parse("203.0.113.1/32"), 1);
        var routes = RouteSet.Of([new(nlri, PathAttributes.None), new(nlri with { PathId = 2 }, PathAttributes.None)]);
        Assert.Equal([new HeldBackRoute(nlri with { PathId = 2 }, NotAdvertised.AnotherPath)], Select(Session(), Hops, routes).HeldBack);
        var addPath = Session() with { Send = Wire.FourOctets with { AddPath = [Family.Ipv4Unicast] } };
        Assert.Equal(2, Select(addPath, Hops, routes).Routes.Count);
    }

    private static SessionParameters Session(bool extendedNextHop = false, bool isInternal = false) => new()
    {
        Local = new(4, 64500, 90, RouterId.Parse("192.0.2.1"), default),
        Remote = new(4, isInternal ? (ushort)64500 : (ushort)64501, 90, RouterId.Parse("192.0.2.2"), default),
        IsInternal = isInternal,
        Families = [Family.Ipv4Unicast, Family.Ipv6Unicast],
        Send = Wire.FourOctets with { ExtendedNextHop = extendedNextHop },
        Receive = Wire.FourOctets,
    };

    private static AdjRibOut Select(SessionParameters session, ExportSettings settings, RouteSet routes) =>
        AdjRibOut.Select(new RouteExport(session, settings), routes);

    private static PathAttributes Export(SessionParameters session, ExportSettings settings, PathAttributes attributes) =>
        Single(Select(session, settings, RouteSet.Of([new(new(Prefix.Parse("203.0.113.1/32")), attributes)]))).Attributes;

    private static Route Single(AdjRibOut rib) => Assert.Single(rib.Routes.ToArray());

    private static RouteSet Set(string prefix) => RouteSet.Of([new(new(Prefix.Parse(prefix)), PathAttributes.None)]);

    private static RouteSet Hosts(int count) => RouteSet.Of(Enumerable.Range(0, count).Select(Host));

    private static Route Host(int number) =>
        new(new(Prefix.From(new IPAddress([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 32)), PathAttributes.None);

    private static void WriteAll(IReadOnlyList<RouteBatch> batches, byte[] room)
    {
        var cursor = new UpdateCursor(Wire.FourOctets, batches);
        while (cursor.Write(room) > 0) { }
    }

    // Reads everything that the cursor writes, message by message, as the peer would.
    private static (int Announced, int Withdrawn) Drain(UpdateCursor cursor, UpdateFormat format)
    {
        var (announced, withdrawn) = (0, 0);
        var room = new byte[BgpHeader.MaxExtendedLength];
        while (cursor.Write(room) is > 0 and var written)
        {
            for (var rest = room.AsSpan(0, written); !rest.IsEmpty;)
            {
                Assert.True(BgpHeader.TryRead(rest, format.ExtendedMessages, out var header, out _));
                var update = UpdateReader.Read(rest[BgpHeader.Length..header.MessageLength], format);
                Assert.Equal([], update.Faults);
                announced += update.Announced;
                withdrawn += update.Withdrawn;
                rest = rest[header.MessageLength..];
            }
        }

        return (announced, withdrawn);
    }
}
