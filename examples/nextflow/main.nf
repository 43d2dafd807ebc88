#!/usr/bin/env nextflow
// The diversity of samples, one file each; each execution is a folder of its own below `outdir`.

nextflow.enable.dsl = 2

params.counts = "${projectDir}/counts/*.csv"
params.outdir = "${launchDir}/results"
params.run = workflow.runName
// What describes the outputs to Depictio; its folder is where `results` lies.
params.project = "${projectDir}/project.yaml"

process DIVERSITY {
    tag "${sample}"
    publishDir "${params.outdir}/${params.run}/diversity", mode: 'copy'

    input:
    tuple val(sample), path(counts)

    output:
    path "${sample}_alpha.csv"

    script:
    """
    diversity.py ${sample} ${counts} ${sample}_alpha.csv
    """
}

workflow {
    samples = channel.fromPath(params.counts, checkIfExists: true).map { counts -> tuple(counts.baseName, counts) }
    DIVERSITY(samples)

    workflow.onComplete {
        if (!workflow.success) {
            log.warn "Depictio is not told of ${params.run}: it did not succeed."
            return
        }
        // The marker says that this run is whole. Others that still compute beside it are left alone.
        file("${params.outdir}/${params.run}/.depictio-complete").text = ''
        def command = ['depictio', 'watch', "${params.project}", '--once', '--quiet', '0']
        def started = new ProcessBuilder(command.collect { word -> word.toString() }).redirectErrorStream(true).start()
        log.info started.inputStream.text
        if (started.waitFor() != 0) {
            log.error "Depictio has not ingested ${params.run}. Its results are whole; run again: ${command.join(' ')}"
        }
    }
}
