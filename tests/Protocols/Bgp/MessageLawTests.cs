using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

public class MessageLawTests
{
    private static readonly UpdateFormat[] Formats =
    [
        new() { FourOctetAs = true, IsInternal = true },
        new() { FourOctetAs = true, IsInternal = true, AddPath = [Family.Ipv4Unicast, Family.Ipv6Unicast] },
        new(),
    ];

    [Fact]
    public void Every_message_survives_the_wire() =>
        Prop.ForAll(BgpGenerators.Messages.ToArbitrary(), message => message.Equals(Wire.Read(message.ToArray()))).QuickCheckThrowOnFailure();

    [Fact]
    public void No_message_reads_the_same_when_its_end_is_missing() => Prop.ForAll(BgpGenerators.Messages.ToArbitrary(), message =>
    {
        var bytes = message.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            if (message.Equals(Wire.Read(bytes.AsSpan(0, length)))) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_open_that_is_cut_short_is_refused() =>
        Prop.ForAll(BgpGenerators.Messages.Where(message => message is OpenMessage).ToArbitrary(), message =>
        {
            var body = message.ToArray().AsSpan(BgpHeader.Length);
            for (var length = 0; length < body.Length; length++)
            {
                if (OpenMessage.TryRead(body[..length], out _, out var error) || error is null) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_throw() => Prop.ForAll(Generators.Bytes.ToArbitrary(), bytes =>
    {
        _ = BgpHeader.TryRead(bytes, true, out _, out _);
        _ = OpenMessage.TryRead(bytes, out _, out _);
        _ = RouteRefreshMessage.TryRead(bytes, out _, out _);
        if (Notification.TryRead(bytes, out var notification)) _ = notification.ToString();
        foreach (var format in Formats) _ = UpdateReader.Read(bytes, format);
    }).QuickCheckThrowOnFailure();

    /// <summary>Random bytes seldom get past the first length: flip single octets of good UPDATEs as well.</summary>
    [Fact]
    public void No_damage_to_an_update_throws() =>
        Prop.ForAll(BgpGenerators.Attributes.ToArbitrary(), Generators.Bytes.ToArbitrary(), (attributes, noise) =>
        {
            var message = Announced(Formats[0], attributes with { NextHop = NextHop.Parse("2001:db8::1") }, [new(Prefix.Parse("2001:db8::/64"))]);
            foreach (var octet in noise)
            {
                var index = BgpHeader.Length + (octet * 7919 % (message.Length - BgpHeader.Length));
                message[index] ^= octet;
                _ = UpdateReader.Read(message.AsSpan(BgpHeader.Length), Formats[octet % Formats.Length]);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Attributes_survive_the_wire() =>
        Prop.ForAll(BgpGenerators.Attributes.ToArbitrary(), BgpGenerators.Ipv4Nlris.ToArbitrary(), (attributes, nlri) =>
        {
            var sent = attributes with { NextHop = NextHop.Parse("192.0.2.1") };
            var update = UpdateReader.Read(Announced(Formats[0], sent, [nlri]).AsSpan(BgpHeader.Length), Formats[0]);
            return update is { Announced: 1, Faults.Count: 0 } && update.Attributes == sent;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_two_octet_peer_finds_the_real_path_in_as4_path() =>
        Prop.ForAll(BgpGenerators.Attributes.Where(each => each.AsPath!.NeedsFourOctets).ToArbitrary(), attributes =>
        {
            var sent = attributes with { NextHop = NextHop.Parse("192.0.2.1") };
            var update = UpdateReader.Read(Announced(Formats[2], sent, [new(Prefix.Parse("203.0.113.1/32"))]).AsSpan(BgpHeader.Length), Formats[2]);
            return update.Attributes.As4Path == sent.AsPath && update.Attributes.AsPath!.WireLength(false) == sent.AsPath!.WireLength(false);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_prefix_survives_the_wire() =>
        Prop.ForAll(Gen.OneOf(BgpGenerators.Ipv4Nlris, BgpGenerators.Ipv6Nlris).ToArbitrary(), nlri =>
        {
            Span<byte> bytes = stackalloc byte[32];
            var writer = new WireWriter(bytes);
            nlri.Write(ref writer, addPath: false);
            var reader = new NlriReader(writer.Written, nlri.Prefix.Afi, addPath: false);
            return reader.TryRead(out var back) && back == nlri && !reader.TryRead(out _) && !reader.Malformed
                && Prefix.Parse(nlri.Prefix.ToString()) == nlri.Prefix;
        }).QuickCheckThrowOnFailure();

    private static byte[] Announced(UpdateFormat format, PathAttributes attributes, Nlri[] routes)
    {
        var buffer = new byte[BgpHeader.MaxLength];
        var length = UpdateWriter.Announce(buffer, format, attributes, routes, out _);
        return buffer.AsSpan(0, length).ToArray();
    }
}
