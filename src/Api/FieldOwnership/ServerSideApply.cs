using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>
/// Server-side apply: the manager's configuration is laid over the object, fields that it applied before and no longer mentions
/// are removed unless others own them too, and a field that another manager set to another value is a conflict.
/// </summary>
internal static class ServerSideApply
{
    /// <summary>The object to be and the managers it will have; <paramref name="live"/> is null if there is none yet.</summary>
    public static AppliedObject Merge(JsonObject? live, JsonObject configuration, ObjectTarget target, ApplyRequest request)
    {
        var applier = new FieldManager(request.Manager, FieldManager.Apply, target.Type.ApiVersion, target.Subresource)
        {
            Time = ObjectMeta.Timestamp(request.Now),
        };
        var schema = target.Type.Schema;
        var managers = FieldManagers.Of(live);
        var owned = OwnedPart.Of(configuration, target);
        var wanted = owned.Count == 0 ? FieldSet.Empty : FieldTree.Of(owned, schema);
        var merged = FieldMerge.Merge(live?.Copy() ?? [], configuration, schema);
        var touched = FieldTree.Compare(OwnedPart.Of(live ?? [], target), OwnedPart.Of(merged, target), schema).Touched;
        CheckConflicts(managers, touched, applier, target, request.Force);
        managers = managers.Without(touched, keeper: applier);
        var given = (managers.Find(applier)?.Fields ?? FieldSet.Empty).Except(wanted);
        var ownedByOthers = managers.Entries.Where(entry => !entry.IsSame(applier)).Aggregate(FieldSet.Empty, (all, entry) => all.Union(entry.Fields));
        FieldMerge.Remove(merged, given.Except(ownedByOthers), schema);
        return new(merged, managers.With(applier with { Fields = wanted }));
    }

    private static void CheckConflicts(FieldManagers managers, FieldSet touched, FieldManager applier, ObjectTarget target, bool force)
    {
        if (force) return;
        var causes = (from entry in managers.Entries
                      where !entry.IsSame(applier)
                      from path in entry.Fields.Intersect(touched).Paths()
                      select new FieldError("FieldManagerConflict", path, $"conflict with \"{entry.Name}\"{Where(entry)}{Using(entry)}")).ToList();
        if (causes.Count == 0) return;
        var count = causes.Count == 1 ? "1 conflict" : $"{causes.Count} conflicts";
        var all = string.Join('\n', causes.Select(cause => $"{cause.Message}: {cause.Field}"));
        throw (new ApiError(409, "Conflict", $"Apply failed with {count}: {all}") { Causes = [.. causes] }).AsException();
    }

    private static string Where(FieldManager entry) => entry.Subresource.Length == 0 ? "" : $" with subresource \"{entry.Subresource}\"";

    private static string Using(FieldManager entry) => entry.Operation == FieldManager.Apply ? "" : $" using {entry.ApiVersion}";
}
