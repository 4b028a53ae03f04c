using System.Globalization;
using OrleansLb.Bench;
using OrleansLb.Bench.Bgp;
using OrleansLb.Silo;
using OrleansLb.Silo.Lab.Story;

if (args is [OurSender.Verb, var networkNamespace, var routes])
{
    await OurSender.Serve(networkNamespace, int.Parse(routes, CultureInfo.InvariantCulture));
    return 0;
}

try
{
    var options = BenchOptions.Parse(args);
    if (options.Name.Length == 0)
    {
        foreach (var known in Benchmarks.All) Console.WriteLine($"{known.Key,-24} {known.Value.Summary}");
        return 0;
    }
    if (!Benchmarks.All.TryGetValue(options.Name, out var benchmark))
    {
        Console.Error.WriteLine($"There is no benchmark '{options.Name}'; there are: {string.Join(", ", Benchmarks.All.Keys)}.");
        return 2;
    }
    var result = await benchmark.Run(options);
    Console.WriteLine(options.Json ? result.ToJson() : result.ToTable());
    return 0;
}
catch (Exception cannot) when (cannot is BenchException or OperatorException or UnexpectedException)
{
    Console.Error.WriteLine(cannot.Message);
    return 1;
}
