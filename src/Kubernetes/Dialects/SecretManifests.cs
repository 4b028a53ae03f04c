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
        var password = secret.Text("stringData", "password") is { } plain ? new SecretText(plain) : SecretContent.Decode(secret.Text("data", "password"));
        return new SecretContent(secret.Text("type") ?? "Opaque", password);
    }
}
