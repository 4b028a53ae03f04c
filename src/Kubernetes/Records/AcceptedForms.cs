using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Forms;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records;

/// <summary>
/// Keeps one AcceptedForm for each object that configures us. The feed reads them once and tells here what it tells of the configuration; whoever judges that
/// notes the verdict. Feed and judge take turns, so that a verdict is always one on what was told last.
/// </summary>
public sealed class AcceptedForms(ApiClient client, ILogger<AcceptedForms> logger) : IAcceptedForms
{
    private const string FieldManager = "orleanslb";

    /// <summary>By name, what the record has, what it is to have, and what the objects say now.</summary>
    private ImmutableDictionary<string, string> _standing = ImmutableDictionary<string, string>.Empty;
    private ImmutableDictionary<string, string> _wanted = ImmutableDictionary<string, string>.Empty;
    private ImmutableDictionary<string, string> _told = ImmutableDictionary<string, string>.Empty;
    private bool _missingRightNamed;

    public void Note(EquatableList<ObjectReference> refused, EquatableList<ObjectReference> used)
    {
        var (kept, missed) = (Names(refused), Names(used));
        var earlier = _wanted;
        _wanted = _told.Where(form => !kept.Contains(form.Key))
            .Concat(earlier.Where(form => (_told.ContainsKey(form.Key) ? kept : missed).Contains(form.Key)))
            .ToImmutableDictionary();

        static HashSet<string> Names(EquatableList<ObjectReference> objects) => objects.Select(ObjectForm.Name).ToHashSet(StringComparer.Ordinal);
    }

    public async Task Write(CancellationToken cancellation)
    {
        foreach (var (name, form) in _wanted)
        {
            if (_standing.GetValueOrDefault(name) == form) continue;
            await Pass(() =>
                client.Patch(ResourceTypes.AcceptedForms.Resource, new(null, name), Patch.Apply(Fields(name, form), FieldManager, force: true), cancellation));
            _standing = _standing.SetItem(name, form);
        }
        foreach (var name in _standing.Keys.Except(_wanted.Keys).ToList())
        {
            await Pass(() => client.Delete(ResourceTypes.AcceptedForms.Resource, new(null, name), default, cancellation));
            _standing = _standing.Remove(name);
        }
    }

    /// <summary>What the record has now.</summary>
    internal void Read(IEnumerable<CustomObject> forms) => _standing = _wanted = forms
        .Where(form => form.Root["spec"] is Mapping)
        .ToImmutableDictionary(form => form.Metadata.Name,
            form => (form.Root["spec"] as Mapping)?["object"] is Mapping said ? Json(ObjectForm.Sorted(said)) : "");

    /// <summary>What the objects that are there now declared when they were last accepted, and of those that are gone what others may refer to still.</summary>
    /// <param name="now">All of them, as they are.</param>
    /// <param name="declared">What they declare as they are.</param>
    internal EquatableList<Declaration> Tell(IReadOnlyList<ConfigurationObject> now, DeclaredConfiguration declared, TranslationContext context)
    {
        var byName = now.ToDictionary(source => ObjectForm.Name(source.Reference), StringComparer.Ordinal);
        _told = byName.ToImmutableDictionary(source => source.Key, source => Json(ObjectForm.Of(source.Value)));
        if (_told.Count == _wanted.Count && _told.All(form => _wanted.GetValueOrDefault(form.Key) == form.Value)) return declared.Declarations;
        var accepted = byName.Select(source =>
            _wanted.GetValueOrDefault(source.Key) is { } form && Parse(form) is { } said ? ObjectForm.Restore(said, source.Value) : null);
        var gone = _wanted.Where(form => !byName.ContainsKey(form.Key)).OrderBy(form => form.Key, StringComparer.Ordinal)
            .Select(form => Parse(form.Value) is { } said ? ObjectForm.Restore(said, ConfigurationObject.Of(said)) : null);
        return [.. Declared(accepted), .. Declared(gone).Where(declaration => declaration.IsReferredTo)];

        EquatableList<Declaration> Declared(IEnumerable<ConfigurationObject?> objects) =>
            DialectCatalog.TranslateAll(objects.OfType<ConfigurationObject>(), context).Declarations;
    }

    private static string Json(Node form) => Encoding.UTF8.GetString(form.ToJson());

    private static Mapping? Parse(string form) =>
        JsonNodes.ReadFile(Encoding.UTF8.GetBytes(form)).FirstOrDefault() is DocumentResult.Loaded { Root: Mapping said } ? said : null;

    private static JsonObject Fields(string name, string form) => new()
    {
        ["apiVersion"] = ResourceTypes.AcceptedForms.Resource.ApiVersion,
        ["kind"] = ResourceTypes.AcceptedForms.Resource.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["object"] = JsonNode.Parse(form) },
    };

    /// <summary>
    /// A cluster without the kind, or without the right to write it, does without: a wrong edit then outlives no restart, and one log line says so.
    /// </summary>
    private async Task Pass(Func<Task> request)
    {
        try
        {
            await request();
        }
        catch (ApiException refusal) when (refusal.Reason is ApiReason.NotFound or ApiReason.Forbidden or ApiReason.MethodNotAllowed or ApiReason.Invalid
            or ApiReason.RequestEntityTooLarge)
        {
            if (!_missingRightNamed) logger.FormNotKept(refusal.Message);
            _missingRightNamed = true;
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            throw new RecordUnavailableException(fault.Message, fault);
        }
    }
}
