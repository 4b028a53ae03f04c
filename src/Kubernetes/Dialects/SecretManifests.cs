using System.Text;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>The secrets that stand in manifests beside the objects that refer to them.</summary>
public static class SecretManifests
{
    public static TranslationContext WithSecretsOf(this TranslationContext context, IEnumerable<Manifest> manifests)
    {
        ArgumentNullException.ThrowIfNull(context);
        var secrets = manifests
            .Where(manifest => manifest is { ApiVersion: "v1", Kind: "Secret" })
            .GroupBy(manifest => (manifest.Namespace ?? "default", manifest.Name))
            .ToDictionary(group => group.Key, group => Content(group.Last().Root));
        return context with { Secrets = secrets };
    }

    private static SecretContent Content(Mapping secret)
    {
        var password = secret.Text("stringData", "password") ?? Decoded(secret.Text("data", "password"));
        return new SecretContent(secret.Text("type") ?? "Opaque", password is null ? null : new SecretText(password));
    }

    private static string? Decoded(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
