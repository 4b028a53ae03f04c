using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Rest;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Hosting;

/// <summary>Opens the store and gives a fresh one what every cluster has: its namespaces and the kinds of this program and its rivals.</summary>
public static class KubernetesApiFactory
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    /// <exception cref="IOException">The data directory cannot be used.</exception>
    public static async Task<KubernetesApi> OpenAsync(EmbeddedApiOptions options)
    {
        var definitions = Task.Run(() => BuiltinFiles.Definitions().SelectMany(YamlText.ParseAll).OfType<JsonObject>().ToList()); // while the journal is read
        IObjectJournal journal = options.DataDirectory is { } directory ? SqliteJournal.Open(directory) : new MemoryJournal(options.Clock);
        var store = new ObjectStore(journal, options.Clock, options.HistorySize);
        var api = new KubernetesApi(store, options.Addresses, options.Logger);
        foreach (var tree in Namespaces.Select(Namespace)) await api.ApplyAsync(tree);
        await Task.WhenAll((await definitions).Select(api.InstallAsync));
        return api;
    }

    private static JsonObject Namespace(string name) =>
        new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
}
