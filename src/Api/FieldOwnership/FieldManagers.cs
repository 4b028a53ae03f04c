using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>All field managers of one object.</summary>
public sealed record FieldManagers(ImmutableArray<FieldManager> Entries)
{
    private const int MaxUpdaters = 10;

    public static FieldManagers None { get; } = new([]);

    public static FieldManagers Of(JsonObject? tree) =>
        new([.. tree.Object("metadata").Objects("managedFields").Where(entry => entry.Count > 0).Select(FieldManager.FromJson)]);

    /// <summary>Writes the entries into the object.</summary>
    public void Into(JsonObject tree)
    {
        tree.Metadata().Array("managedFields")?.Clear(); // what stays goes from the old list into the new one without a copy
        tree.Metadata().SetOrRemove("managedFields", Entries.IsEmpty ? null : new JsonArray([.. Entries.Select(entry => (JsonNode?)entry.ToJson())]));
    }

    public FieldManager? Find(FieldManager key) => Entries.FirstOrDefault(entry => entry.IsSame(key));

    /// <summary>The manager now has exactly these fields; its time moves only if that is news.</summary>
    public FieldManagers With(FieldManager manager)
    {
        var present = Find(manager);
        if (present is not null && present.Fields.SetEquals(manager.Fields)) return this;
        var others = Entries.RemoveAll(entry => entry.IsSame(manager));
        return new(manager.Fields.IsEmpty ? others : others.Add(manager));
    }

    /// <summary>Takes fields away from all managers but one.</summary>
    public FieldManagers Without(FieldSet fields, FieldManager keeper)
    {
        if (fields.IsEmpty) return this;
        var left = Entries.Select(entry => entry.IsSame(keeper) ? entry : entry.Without(fields));
        return new([.. left.Where(entry => !entry.IsEmpty)]);
    }

    /// <summary>The oldest of too many updaters are counted as one, so that the list stays bounded.</summary>
    public FieldManagers Capped()
    {
        var updaters = Entries.Where(entry => entry.Operation == FieldManager.Update).OrderBy(entry => entry.Time, StringComparer.Ordinal).ToList();
        if (updaters.Count <= MaxUpdaters) return this;
        var old = updaters.Take(updaters.Count - MaxUpdaters + 1).ToList();
        var fields = old.Aggregate(FieldSet.Empty, (all, entry) => all.Union(entry.Fields));
        var merged = old[0] with { Name = "ancient-changes", Subresource = "", Fields = fields };
        return new([.. Entries.Except(old), merged]);
    }
}
