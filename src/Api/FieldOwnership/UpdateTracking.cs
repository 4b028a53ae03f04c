using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>Ownership after a create, replace or patch: the writer owns what it changed, and nobody owns what it removed.</summary>
internal static class UpdateTracking
{
    /// <summary>A client may edit the record itself, or clear it with an empty list; one that sends none leaves it as it is.</summary>
    public static void KeepRecord(JsonObject? old, JsonObject next)
    {
        var metadata = next.Metadata();
        if (!metadata.ContainsKey("managedFields")) metadata.SetOrRemove("managedFields", old?.Object("metadata")?["managedFields"]);
    }

    public static void Record(JsonObject? old, JsonObject next, ObjectTarget target, string manager, DateTimeOffset now)
    {
        var managers = FieldManagers.Of(next);
        var (touched, removed) = FieldTree.Compare(OwnedPart.Parts(old ?? [], target), OwnedPart.Parts(next, target));
        var writer = new FieldManager(manager, FieldManager.Update, target.Type.ApiVersion, target.Subresource) { Time = ObjectMeta.Timestamp(now) };
        if (!touched.IsEmpty || !removed.IsEmpty)
        {
            managers = managers.Without(touched.Union(removed), keeper: writer);
            var owned = (managers.Find(writer)?.Fields ?? FieldSet.Empty).Union(touched).Except(removed);
            managers = managers.With(writer with { Fields = owned }).Capped();
        }
        managers.Into(next);
    }
}
