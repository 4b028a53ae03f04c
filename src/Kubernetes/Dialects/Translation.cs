using OrleansLb.Core;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>What an object declares in the internal model, and what is wrong with it. With an error among the problems it declares nothing.</summary>
public sealed record Translation(EquatableList<Declaration> Declarations, EquatableList<Problem> Problems)
{
    public bool IsReadable => !Problems.Any(problem => problem.Severity == Severity.Error);
}

/// <summary>What a translation may look up besides the object itself.</summary>
public sealed record TranslationContext
{
    public static TranslationContext Empty { get; } = new();

    /// <summary>The secrets that objects refer to, by namespace and name.</summary>
    public IReadOnlyDictionary<(string Namespace, string Name), SecretContent> Secrets { get; init; } = new Dictionary<(string, string), SecretContent>();

    /// <summary>Secrets are neither read nor missed: the configuration is to be shown or written, not to be used.</summary>
    public bool SecretsUnread { get; init; }

    /// <summary>What OpenELB's BgpConf gives to its peers; null when there is none.</summary>
    public OpenElb.BgpDefaults? OpenElb { get; init; }
}

/// <summary>The type of a Secret and the password in it, if it has one.</summary>
public sealed record SecretContent(string Type, SecretText? Password)
{
    /// <summary>The text behind a value of <c>data</c>; null when there is none, or it is not base64.</summary>
    internal static SecretText? Decode(string? base64)
    {
        var bytes = new byte[base64?.Length ?? 0];
        return base64 is not null && Convert.TryFromBase64String(base64, bytes, out var length)
            ? new SecretText(System.Text.Encoding.UTF8.GetString(bytes, 0, length))
            : null;
    }
}
