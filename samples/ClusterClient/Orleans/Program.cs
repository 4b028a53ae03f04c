using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Hosting;
using OrleansLb.ClusterClient;
using OrleansLb.Gateway;

// Where the cluster is: the kubeconfig as kubectl finds it, or the pod's service account.
var builder = Host.CreateEmptyApplicationBuilder(new());
builder.UseOrleansClient(client => client.ConnectToOrleansLb(options =>
{
    options.Kubernetes.InCluster = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is not null;
    options.Namespace = Environment.GetEnvironmentVariable("ORLEANSLB_NAMESPACE") ?? options.Namespace;
    options.SecretFile = Environment.GetEnvironmentVariable("ORLEANSLB_SECRET");
    options.TlsFolder = Environment.GetEnvironmentVariable("ORLEANSLB_TLS");
}));

using var host = builder.Build();
var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping; // Ctrl-C, or SIGTERM
try
{
    await host.StartAsync(CancellationToken.None);
    return await Commands.Run(host.Services.GetRequiredService<IGrainFactory>(), args, Console.Out, stopping);
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    return 0;
}
finally
{
    await host.StopAsync(CancellationToken.None);
}
