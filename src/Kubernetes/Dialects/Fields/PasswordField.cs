using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>A peer's password, given in place or as a reference to a Secret of type basic-auth.</summary>
internal readonly record struct PasswordField(SecretText? Password, SecretReference? Secret, bool IsAwaited)
{
    private const string BasicAuth = "kubernetes.io/basic-auth";

    /// <summary>What a kernel takes as a key for TCP-MD5.</summary>
    private const int MostOctets = 80;

    public static PasswordField Read(FieldReader spec, TranslationContext context)
    {
        var password = spec.Text("password");
        var isReferred = spec.Has("passwordSecret");
        var reference = spec.Object("passwordSecret");
        var name = reference.Text("name");
        var ns = reference.Text("namespace") is { Length: > 0 } given ? given : spec.Problems.Subject.Namespace;
        reference.End();
        if (IsTooLong(password)) spec.Error("password", TooLong);
        if (!isReferred || string.IsNullOrEmpty(name)) return new(string.IsNullOrEmpty(password) ? null : new SecretText(password), null, IsAwaited: false);
        if (!string.IsNullOrEmpty(password)) spec.Error("passwordSecret", "can not have both password and secret ref; keep one of them.");
        return Resolve(spec, context, new(ns, name));
    }

    private static PasswordField Resolve(FieldReader spec, TranslationContext context, SecretReference reference)
    {
        var (at, ns, name) = (spec.At("passwordSecret"), reference.Namespace, reference.Name);
        if (context.SecretsUnread) return new(null, reference, IsAwaited: false);
        if (!context.Secrets.TryGetValue((ns, name), out var secret))
        {
            Await(spec, at, $"secret ref not found: {ns}/{name}; the peer waits for that Secret; a session that had its password keeps it meanwhile.");
        }
        else if (secret.Type != BasicAuth) spec.Problems.Error(at, $"secret type mismatch: {ns}/{name} is of type {secret.Type}; it must be {BasicAuth}.");
        else if (secret.Password is null) spec.Problems.Error(at, $"password not specified in the secret {ns}/{name}; give it the key 'password'.");
        else if (IsTooLong(secret.Password.Value.Value)) spec.Problems.Error(at, $"the password in {ns}/{name} {TooLong}");
        else return new(secret.Password, reference, IsAwaited: false);
        return new(null, reference, IsAwaited: true);
    }

    private static string TooLong => $"has more than {MostOctets} octets, which TCP-MD5 does not take; make it shorter on both sides.";

    private static bool IsTooLong(string? password) => password is not null && System.Text.Encoding.UTF8.GetByteCount(password) > MostOctets;

    // The order of creation must not matter in files; in the API what was live before stays live meanwhile.
    private static void Await(FieldReader spec, string at, string message)
    {
        if (spec.Problems.Subject.File is null) spec.Problems.Error(at, message);
        else spec.Problems.Warn(at, message);
    }
}
