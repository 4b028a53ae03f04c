using System.Globalization;
using OrleansLb.Bench;
using OrleansLb.Bench.Bgp;
using OrleansLb.Silo;

if (args is [OurSender.Verb, var networkNamespace, var routes])
{
    await OurSender.Serve(networkNamespace, int.Parse(routes, CultureInfo.InvariantCulture));
    return 0;
}

// bench [NAME [--vs PEER]] [--json]: without a name, the list.
var json = args.Contains("--json");
var name = string.Join(' ', args.Where(word => word != "--json"));
if (name.Length == 0)
{
    foreach (var known in Benchmarks.All) Console.WriteLine($"{known.Key,-24} {known.Value.Summary}");
    return 0;
}
if (!Benchmarks.All.TryGetValue(name, out var benchmark))
{
    Console.Error.WriteLine($"There is no benchmark '{name}'; there are: {string.Join(", ", Benchmarks.All.Keys)}.");
    return 2;
}
try
{
    var result = await benchmark.Run();
    Console.WriteLine(json ? result.ToJson() : result.ToTable());
    return 0;
}
catch (Exception cannot) when (cannot is BenchException or OperatorException)
{
    Console.Error.WriteLine(cannot.Message);
    return 1;
}
