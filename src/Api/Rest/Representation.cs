using Microsoft.Net.Http.Headers;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Rest;

/// <summary>How a client wants objects shown.</summary>
public enum Representation
{
    Object,
    Table,
    PartialMetadata,
}

/// <summary>Picks the first form of the <c>Accept</c> header that can be given.</summary>
internal static class Representations
{
    public static Representation Choose(IList<MediaTypeHeaderValue> accepted)
    {
        if (accepted.Count == 0) return Representation.Object;
        foreach (var range in accepted)
            if (Offered(range) is { } representation) return representation;
        throw new ApiError(406, "NotAcceptable", "only the following media types are accepted: application/json").AsException();
    }

    public static Representation Choose(string header) =>
        header.Length == 0 ? Representation.Object
        : MediaTypeHeaderValue.TryParseList([header], out var ranges) ? Choose(ranges)
        : Representation.Object;

    private static Representation? Offered(MediaTypeHeaderValue range)
    {
        if (range.MediaType.Value is not ("application/json" or "*/*" or "application/*")) return null;
        var (form, version) = (Parameter(range, "as"), Parameter(range, "v"));
        if (form is null) return Representation.Object;
        if (version is not ("v1" or "v1beta1") || Parameter(range, "g") != "meta.k8s.io") return null;
        return form switch
        {
            "Table" => Representation.Table,
            "PartialObjectMetadata" or "PartialObjectMetadataList" => Representation.PartialMetadata,
            _ => null,
        };
    }

    private static string? Parameter(MediaTypeHeaderValue range, string name) =>
        range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value.Value;
}
