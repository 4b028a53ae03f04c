using System.Text.Json.Nodes;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Protobuf;

/// <summary>Kubernetes' wrapping of a protobuf message: a magic number, then the kind and the message's bytes.</summary>
internal static class ProtobufEnvelope
{
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    public static JsonObject Decode(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith(Magic)) throw ApiError.BadRequest("the body does not begin as Kubernetes protobuf does").AsException();
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = default;
        var reader = new ProtobufReader(body[Magic.Length..]);
        while (reader.TryNext(out var number, out _, out var value))
        {
            if (number == 1) (apiVersion, kind) = TypeMeta(value);
            else if (number == 2) raw = value;
        }
        if (reader.Broken || kind.Length == 0) throw ApiError.BadRequest("the protobuf envelope is cut short or malformed").AsException();
        var tree = ProtobufDecoder.Decode(raw, ProtobufMessages.NameOf(apiVersion, kind));
        (tree["apiVersion"], tree["kind"]) = (apiVersion, kind);
        return tree;
    }

    private static (string ApiVersion, string Kind) TypeMeta(ReadOnlySpan<byte> bytes)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new ProtobufReader(bytes);
        while (reader.TryNext(out var number, out _, out var value))
        {
            if (number == 1) apiVersion = ProtobufReader.Text(value);
            else if (number == 2) kind = ProtobufReader.Text(value);
        }
        return (apiVersion, kind);
    }
}
