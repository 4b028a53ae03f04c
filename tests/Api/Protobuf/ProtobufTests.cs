using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Api.Protobuf;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Tests.Protobuf;

public sealed class ProtobufTests
{
    [Fact]
    public void A_config_map_is_read()
    {
        var tree = ProtobufEnvelope.Decode(Envelope("v1", "ConfigMap",
            [.. Field(1, [.. Field(1, "c"u8), .. Field(8, [])]), .. Field(2, [.. Field(1, "k"u8), .. Field(2, "v"u8)])]));
        Assert.Equal("""{"metadata":{"name":"c"},"data":{"k":"v"},"apiVersion":"v1","kind":"ConfigMap"}""", tree.ToJsonString());
    }

    [Fact]
    public void A_field_that_is_not_known_is_refused_and_not_dropped()
    {
        var refused = Assert.Throws<ApiException>(() => ProtobufEnvelope.Decode(Envelope("v1", "ConfigMap", Field(99, "x"u8))));
        Assert.Equal(415, refused.Error.Code);
    }

    [Fact]
    public void A_message_cut_short_is_a_bad_request()
    {
        var whole = Envelope("v1", "ConfigMap", Field(1, Field(1, "a name"u8)));
        var withoutContent = Envelope("v1", "ConfigMap", []).Length - Field(2, []).Length;
        foreach (var length in Enumerable.Range(0, whole.Length).Where(length => length != withoutContent))
            Assert.InRange(Assert.Throws<ApiException>(() => ProtobufEnvelope.Decode(whole.AsSpan(0, length))).Error.Code, 400, 415);
    }

    [Fact]
    public void No_bytes_throw_anything_but_a_refusal() => Prop.ForAll<byte[]>(bytes =>
    {
        foreach (var body in (byte[][])[bytes, Envelope("v1", "Service", bytes)])
        {
            try
            {
                ProtobufEnvelope.Decode(body);
            }
            catch (ApiException refusal)
            {
                Assert.InRange(refusal.Error.Code, 400, 415);
            }
        }
    }).QuickCheckThrowOnFailure();

    private static byte[] Envelope(string apiVersion, string kind, ReadOnlySpan<byte> raw) =>
        [.. "k8s\0"u8, .. Field(1, [.. Field(1, Encoding.UTF8.GetBytes(apiVersion)), .. Field(2, Encoding.UTF8.GetBytes(kind))]), .. Field(2, raw)];

    private static byte[] Field(int number, ReadOnlySpan<byte> value) => [.. Varint((number << 3) | 2), .. Varint(value.Length), .. value];

    private static byte[] Varint(int value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
