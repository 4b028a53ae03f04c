using System.Text;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>Secrets have a type, which stays, and take text that becomes data.</summary>
internal sealed class SecretRules : KindRules
{
    public override IReadOnlyCollection<string> FieldPaths => ["type"];

    public override IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree) => [KeyValuePair.Create("type", tree.Text("type") ?? "")];

    public override void Prepare(KindContext context, JsonObject tree, JsonObject? old)
    {
        tree.SetDefault("type", "Opaque");
        if (tree.Object("stringData") is not { } texts) return;
        var data = tree.Ensure("data");
        foreach (var (key, value) in texts) data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value.AsText() ?? ""));
        tree.Remove("stringData");
    }

    public override IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        foreach (var key in DataKeys.Invalid(tree, "data")) yield return key;
        if (old is not null && tree.Text("type") != old.Text("type")) yield return FieldError.Invalid("type", tree["type"], "field is immutable");
        foreach (var name in Required(tree.Text("type")).Where(name => tree.Object("data")?[name] is null)) yield return FieldError.Required($"data[{name}]");
        foreach (var changed in DataKeys.ChangedWhileImmutable(tree, old, "data")) yield return changed;
    }

    private static IEnumerable<string> Required(string? type) => type switch
    {
        "kubernetes.io/tls" => ["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => [".dockerconfigjson"],
        "kubernetes.io/ssh-auth" => ["ssh-privatekey"],
        _ => [],
    };
}
