using System.Collections.Frozen;
using System.Security.Cryptography;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.OpenApi;

/// <summary>The OpenAPI documents of a catalog, each made when it is first asked for.</summary>
internal sealed class OpenApiDocuments
{
    private readonly FrozenDictionary<string, Lazy<OpenApiDocument>> _documents;

    public OpenApiDocuments(ResourceCatalog catalog) =>
        _documents = catalog.Types.GroupBy(NameOf).ToFrozenDictionary(types => types.Key, types => new Lazy<OpenApiDocument>(() => Make(types)));

    public IEnumerable<string> Names => _documents.Keys.Order(StringComparer.Ordinal);

    public OpenApiDocument? Find(string name) => _documents.GetValueOrDefault(name)?.Value;

    private static string NameOf(ResourceType type) => type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.ApiVersion}";

    private static OpenApiDocument Make(IEnumerable<ResourceType> types)
    {
        var json = JsonText.ToBytes(OpenApiWriter.Write([.. types]));
        return new(json, Convert.ToHexString(SHA256.HashData(json).AsSpan(0, 16)));
    }
}
